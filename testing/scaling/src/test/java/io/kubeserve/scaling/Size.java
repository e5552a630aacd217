package io.kubeserve.scaling;

/**
 * How large a scrape is.
 *
 * @param series how many samples it has, each of a series of its own
 * @param bytes of its text
 */
record Size(long series, long bytes) {
  static Size of(Shape shape) {
    return of(new Pod(shape, 1).scrape());
  }

  static Size of(String scrape) {
    return new Size(scrape.lines().filter(line -> !line.startsWith("#")).count(), scrape.length());
  }

  Size minus(Size other) {
    return new Size(series - other.series, bytes - other.bytes);
  }
}
