/**
 * The dashboards, as code that their JSON is generated from, and the proof that every query of
 * theirs and of the rules returns what it should from a real Prometheus.
 */
@NullMarked
package io.kubeserve.grafana;

import org.jspecify.annotations.NullMarked;
