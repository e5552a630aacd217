/**
 * HTTP metrics and the scrape endpoint for any container of Jakarta Servlet 6.0 or later: a filter
 * and a servlet.
 */
@NullMarked
package io.kubeserve.metrics.servlet;

import org.jspecify.annotations.NullMarked;
