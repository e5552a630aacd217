/**
 * HTTP metrics and the scrape endpoint for any container of Jakarta Servlet 6.0 or later: a filter,
 * the servlet of the scrape, and servlets for the live page and the summary.
 */
@NullMarked
package io.kubeserve.metrics.servlet;

import org.jspecify.annotations.NullMarked;
