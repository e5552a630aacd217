package io.kubeserve.examples.jetty;

import org.jspecify.annotations.Nullable;

/** Where the model is, once it is loaded. Safe for use by many threads. */
final class ModelSlot {
  private volatile @Nullable Model model;

  void fill(Model loaded) {
    model = loaded;
  }

  boolean isFilled() {
    return model != null;
  }

  Model get() throws ModelNotLoadedException {
    Model loaded = model;
    if (loaded == null) {
      throw new ModelNotLoadedException();
    }
    return loaded;
  }
}
