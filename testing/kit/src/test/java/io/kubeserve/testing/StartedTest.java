package io.kubeserve.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartedTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void by_setUpThrows_closesTheLastFirst_andThrowsWhatItThrew() {
    IOException failure = new IOException();

    assertThatThrownBy(
            () ->
                Started.by(
                    started -> {
                      started.add(() -> closed.add("first"));
                      started.add(() -> closed.add("second"));
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void by_setUpThrows_andSomethingCannotBeClosed_closesTheRest() {
    AssertionError failure = new AssertionError();

    assertThatThrownBy(
            () ->
                Started.by(
                    started -> {
                      started.add(() -> closed.add("first"));
                      started.add(
                          () -> {
                            throw new IOException("cannot be closed");
                          });
                      throw failure;
                    }))
        .isSameAs(failure)
        .satisfies(
            thrown ->
                assertThat(thrown.getSuppressed()[0]).hasRootCauseMessage("cannot be closed"));
    assertThat(closed).containsExactly("first");
  }

  @Test
  void by_setUpReturns_closesNothingUntilItIsClosed() throws Exception {
    Started kept =
        Started.by(
            started -> {
              started.add(() -> closed.add("first"));
              return started;
            });
    assertThat(closed).isEmpty();

    kept.close();
    kept.close();

    assertThat(closed).containsExactly("first");
  }
}
