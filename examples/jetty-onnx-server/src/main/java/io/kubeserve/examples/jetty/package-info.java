/** A model server in one jar: an ONNX model behind Jetty, with the metrics of this project. */
@NullMarked
package io.kubeserve.examples.jetty;

import org.jspecify.annotations.NullMarked;
