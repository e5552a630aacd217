package io.kubeserve.metrics.live;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedDocumentTest {
  private final ExecutorService askers = Executors.newCachedThreadPool();
  private final CountDownLatch firstMayEnd = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();

  /** Numbers its documents; the first one takes as long as the test wants. */
  private final SharedDocument document =
      new SharedDocument(
          () -> {
            int number = begun.incrementAndGet();
            if (number == 1) {
              awaitFirst();
            }
            return Integer.toString(number).getBytes(US_ASCII);
          });

  @AfterEach
  void stop() {
    firstMayEnd.countDown();
    askers.shutdown();
  }

  private void awaitFirst() {
    try {
      firstMayEnd.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private CompletableFuture<String> ask() {
    return CompletableFuture.supplyAsync(
        () -> {
          byte[] answer = document.get();
          return answer == null ? "refused" : new String(answer, US_ASCII);
        },
        askers);
  }

  private List<CompletableFuture<String>> askWhileTheFirstIsMade(int number) {
    List<CompletableFuture<String>> answers = new ArrayList<>();
    answers.add(ask());
    await().until(() -> begun.get() == 1);
    for (int i = 1; i < number; i++) {
      answers.add(ask());
    }
    return answers;
  }

  @Test
  void get_whileOneIsMade_isTheNextOne_madeOnceForAll() {
    List<CompletableFuture<String>> answers = askWhileTheFirstIsMade(SharedDocument.MAX_WAITING);
    await().until(() -> document.waiting() == SharedDocument.MAX_WAITING);
    assertThat(ask().join()).isEqualTo("refused");
    firstMayEnd.countDown();

    assertThat(answers.get(0).join()).isEqualTo("1");
    assertThat(answers.subList(1, SharedDocument.MAX_WAITING))
        .allSatisfy(answer -> assertThat(answer.join()).isEqualTo("2"));
    assertThat(begun).hasValue(2);
  }

  @Test
  void get_oneAfterTheOther_isMadeForEach() {
    firstMayEnd.countDown();

    assertThat(ask().join()).isEqualTo("1");
    assertThat(ask().join()).isEqualTo("2");
  }

  @Test
  void get_afterOneThatThrew_isMade() {
    SharedDocument failing =
        new SharedDocument(
            () -> {
              if (begun.incrementAndGet() <= SharedDocument.MAX_WAITING) {
                throw new IllegalStateException("no summary");
              }
              return new byte[] {1};
            });
    for (int i = 0; i < SharedDocument.MAX_WAITING; i++) {
      assertThatThrownBy(failing::get).hasMessage("no summary");
    }

    assertThat(failing.get()).containsExactly(1);
  }
}
