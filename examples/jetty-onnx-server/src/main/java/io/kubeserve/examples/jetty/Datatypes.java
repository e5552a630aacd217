package io.kubeserve.examples.jetty;

import ai.onnxruntime.OnnxJavaType;

/** The names that the Open Inference Protocol has for the types of tensors. */
final class Datatypes {
  /** What every model of this server takes. */
  static final String FLOAT = "FP32";

  private Datatypes() {}

  /** Tells whether the values have half the bytes of the floats that ONNX Runtime makes of them. */
  static boolean isHalf(String datatype) {
    return datatype.equals("FP16") || datatype.equals("BF16");
  }

  static String of(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> FLOAT;
      case DOUBLE -> "FP64";
      case FLOAT16 -> "FP16";
      case BFLOAT16 -> "BF16";
      case INT8 -> "INT8";
      case INT16 -> "INT16";
      case INT32 -> "INT32";
      case INT64 -> "INT64";
      case BOOL -> "BOOL";
      case UINT8 -> "UINT8";
      case STRING -> "BYTES";
      default ->
          throw new IllegalArgumentException(
              "The Open Inference Protocol has no name for the type " + type);
    };
  }
}
