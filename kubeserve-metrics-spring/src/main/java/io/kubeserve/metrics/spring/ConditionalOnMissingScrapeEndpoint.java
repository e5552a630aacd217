package io.kubeserve.metrics.spring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;

/** Where Actuator has no endpoint for Prometheus; the class moved with Spring Boot 4. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnMissingBean(
    type = {
      "org.springframework.boot.actuate.metrics.export.prometheus.PrometheusScrapeEndpoint",
      "org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint"
    })
@interface ConditionalOnMissingScrapeEndpoint {}
