package io.kubeserve.examples.jetty;

import java.util.concurrent.CountDownLatch;

/** What predictions wait for; an interrupt lets them through. */
final class Gate {
  private final CountDownLatch opened = new CountDownLatch(1);

  void open() {
    opened.countDown();
  }

  /** Returns a model whose predictions wait, and are 7. */
  Model model() {
    return new StubModel(
        input -> {
          await();
          return new long[] {7};
        });
  }

  private void await() {
    try {
      opened.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
