package io.kubeserve.metrics.live;

/** A file of the live page, or what is sent like one. */
final class LiveAsset {
  final String contentType;
  final byte[] bytes;

  LiveAsset(String contentType, byte[] bytes) {
    this.contentType = contentType;
    this.bytes = bytes;
  }
}
