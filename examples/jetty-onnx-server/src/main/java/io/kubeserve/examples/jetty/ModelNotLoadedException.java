package io.kubeserve.examples.jetty;

/** A prediction that came before the model was loaded. */
final class ModelNotLoadedException extends Exception {
  private static final long serialVersionUID = 1;

  ModelNotLoadedException() {
    super("The model is not loaded yet: try again when GET /ready answers 200");
  }
}
