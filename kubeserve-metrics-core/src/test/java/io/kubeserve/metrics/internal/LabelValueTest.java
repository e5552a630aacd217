package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelValueTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "fraud", "Größe {id} \"quoted\" \\", "\uD83D\uDE00"})
  void isFit_ofWhatEveryReaderTakes_isTrue(String value) {
    assertThat(LabelValue.isFit(value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "\u0000", "\u0085", "\u2028", "\u2029", "\uD83D"})
  void isFit_ofWhatEndsALineOrIsNoCharacter_isFalse(String value) {
    assertThat(LabelValue.isFit(value)).isFalse();
  }
}
