package io.kubeserve.load;

import java.util.concurrent.CompletableFuture;

/** What is put under load. */
@FunctionalInterface
interface Target {
  /**
   * Sends one request.
   *
   * @return the HTTP status, or the failure, once there is an answer
   */
  CompletableFuture<Integer> send();
}
