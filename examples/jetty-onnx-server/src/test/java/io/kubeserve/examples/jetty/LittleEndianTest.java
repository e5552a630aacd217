package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LittleEndianTest {
  @Test
  void bytes_everyType_hasTheLowestByteFirst() {
    assertThat(LittleEndian.bytes(List.of(1L))).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
    assertThat(LittleEndian.bytes(List.of(258))).containsExactly(2, 1, 0, 0);
    assertThat(LittleEndian.bytes(List.of((short) 258))).containsExactly(2, 1);
    assertThat(LittleEndian.bytes(List.of((byte) -1, (byte) 2))).containsExactly(-1, 2);
    assertThat(LittleEndian.bytes(List.of(1f))).containsExactly(0, 0, 0x80, 0x3F);
    assertThat(LittleEndian.bytes(List.of(1d))).containsExactly(0, 0, 0, 0, 0, 0, 0xF0, 0x3F);
    assertThat(LittleEndian.bytes(List.of(true, false))).containsExactly(1, 0);
    assertThat(LittleEndian.bytes(List.of("ä"))).containsExactly(2, 0, 0, 0, 0xC3, 0xA4);
  }
}
