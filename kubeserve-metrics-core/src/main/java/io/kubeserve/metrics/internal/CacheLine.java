package io.kubeserve.metrics.internal;

/** Keeps the fields of what extends it a cache line away from whatever lies before it. */
@SuppressWarnings("unused")
abstract class CacheLine {
  private long p1;
  private long p2;
  private long p3;
  private long p4;
  private long p5;
  private long p6;
  private long p7;

  CacheLine() {}
}
