package io.kubeserve.examples.jetty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of values, as the binary tensor data extension has them. */
final class LittleEndian {
  private LittleEndian() {}

  static byte[] bytes(List<@Nullable Object> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object value : values) {
      out.writeBytes(bytes(value));
    }
    return out.toByteArray();
  }

  private static byte[] bytes(@Nullable Object value) {
    if (value instanceof Long number) {
      return buffer(Long.BYTES).putLong(number).array();
    }
    if (value instanceof Integer number) {
      return buffer(Integer.BYTES).putInt(number).array();
    }
    if (value instanceof Short number) {
      return buffer(Short.BYTES).putShort(number).array();
    }
    if (value instanceof Byte number) {
      return new byte[] {number};
    }
    if (value instanceof Float number) {
      return buffer(Float.BYTES).putFloat(number).array();
    }
    if (value instanceof Double number) {
      return buffer(Double.BYTES).putDouble(number).array();
    }
    if (value instanceof Boolean flag) {
      return new byte[] {(byte) (flag ? 1 : 0)};
    }
    byte[] text = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    return buffer(Integer.BYTES + text.length).putInt(text.length).put(text).array();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
