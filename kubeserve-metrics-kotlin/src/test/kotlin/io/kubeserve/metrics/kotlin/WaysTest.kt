package io.kubeserve.metrics.kotlin

import io.kubeserve.metrics.ManualTicker
import io.kubeserve.metrics.PredictionMetrics
import io.kubeserve.metrics.PredictionRecorder
import io.kubeserve.metrics.Scrape
import io.kubeserve.metrics.contract.ErrorReason
import io.kubeserve.metrics.contract.Stage
import io.kubeserve.metrics.contract.Status
import io.prometheus.metrics.model.registry.PrometheusRegistry
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

/** The ways in which a server predicts, in Kotlin, and what can go wrong with each. */
class WaysTest {
    private class Model {
        fun predict(x: Float): Float = 2 * x

        fun predictAll(rows: List<Float>): List<Float> = rows.map(::predict)

        fun predictLater(x: Float): CompletableFuture<Float> = CompletableFuture.completedFuture(predict(x))

        fun generate(x: Float): Sequence<Float> = sequenceOf(x, predict(x))
    }

    private val registry = PrometheusRegistry()
    private val ticker = ManualTicker()
    private val metrics = PredictionMetrics.builder().registry(registry).ticker(ticker).build()
    private val recorder: PredictionRecorder = metrics.recorder()
    private val model = Model()

    private fun value(series: String): Double = Scrape.of(registry).value(series)

    private val successes
        get() = Scrape.of(registry).successes()

    private fun errors(reason: ErrorReason) = value("prediction_errors_total{reason=\"${reason.labelValue()}\"}")

    @Test
    fun plainCall() {
        assertThat(recorder.timed { model.predict(1f) }).isEqualTo(2f)
        assertThat(successes).isEqualTo(1.0)
    }

    @Test
    fun noResult() {
        recorder.timed { model.predict(1f) }
        recorder.timed { }
        assertThat(successes).isEqualTo(2.0)
    }

    @Test
    fun stages() {
        recorder.timed {
            ticker.advanceMillis(2)
            it.endStage(Stage.PREPROCESS)
            model.predict(1f).also { _ -> it.endStage(Stage.INFERENCE) }
        }
        assertThat(value("prediction_stage_latency_ms_sum{stage=\"preprocess\"}")).isEqualTo(2.0)
        assertThat(value("prediction_stage_latency_ms_count{stage=\"inference\"}")).isEqualTo(1.0)
    }

    @Test
    fun batch() {
        val rows = listOf(1f, 2f, 3f)
        recorder.timed {
            it.batchSize(rows.size)
            model.predictAll(rows)
        }
        assertThat(value("predicted_items_total")).isEqualTo(3.0)
    }

    @Test
    fun future() {
        assertThat(recorder.timedAsync { model.predictLater(1f) }.join()).isEqualTo(2f)
        assertThat(successes).isEqualTo(1.0)
    }

    @Test
    fun callback() {
        val prediction = recorder.start()
        model.predictLater(1f).whenComplete { _, thrown ->
            if (thrown == null) prediction.success() else prediction.error(thrown)
            prediction.close()
        }
        assertThat(successes).isEqualTo(1.0)
    }

    @Test
    fun queue() {
        val executor = metrics.monitorQueue(Executors.newSingleThreadExecutor())
        val answer: CompletableFuture<Float> = recorder.timeQueued(executor) { model.predict(1f) }
        assertThat(answer.join()).isEqualTo(2f)
        executor.shutdown()
        assertThat(value("prediction_stage_latency_ms_count{stage=\"queue\"}")).isEqualTo(1.0)
    }

    @Test
    fun streamPulled() {
        recorder.timedIterator { model.generate(1f).iterator() }.use { items ->
            assertThat(items.asSequence().toList()).containsExactly(1f, 2f)
        }
        assertThat(value("prediction_stream_items_total")).isEqualTo(2.0)
        assertThat(successes).isEqualTo(1.0)
    }

    @Test
    fun streamPushed() = runBlocking<Unit> {
        val tokens: Flow<String> = flowOf("a", "b").timedBy(recorder)
        assertThat(tokens.toList()).containsExactly("a", "b")
        assertThat(value("prediction_stream_items_total")).isEqualTo(2.0)
        assertThat(successes).isEqualTo(1.0)
    }

    @Test
    fun timedElsewhere() {
        recorder.record(Duration.ofMillis(7), Status.SUCCESS)
        recorder.recordError(Duration.ofMillis(7), ErrorReason.REJECTED)
        assertThat(Scrape.of(registry).sumMillis()).isEqualTo(14.0)
    }

    @Test
    fun load() {
        assertThat(recorder.model().loaded { model }).isSameAs(model)
        assertThat(recorder.model().isReady).isTrue()
    }

    @Test
    fun timed_throws_isAnErrorAndRethrownUntouched() {
        val failure = IOException("no model")
        assertThatThrownBy { recorder.timed { throw failure } }.isSameAs(failure)
        assertThat(errors(ErrorReason.OTHER)).isEqualTo(1.0)
    }

    private fun predictOrNull(x: Float): Float? {
        recorder.timed {
            return if (x < 0) null else model.predict(x)
        }
    }

    @Test
    fun timed_returnsFromTheCaller_isASuccess() {
        assertThat(predictOrNull(1f)).isEqualTo(2f)
        assertThat(predictOrNull(-1f)).isNull()
        assertThat(successes).isEqualTo(2.0)
    }

    @Test
    fun timed_decidedByTheCall_staysDecided() {
        recorder.timed { it.error(ErrorReason.INVALID_INPUT) }
        assertThat(errors(ErrorReason.INVALID_INPUT)).isEqualTo(1.0)
    }

    @Test
    fun timed_suspends_isInFlightMeanwhile() = runBlocking<Unit> {
        val result = CompletableDeferred<Float>()
        val call = launch(start = CoroutineStart.UNDISPATCHED) { recorder.timed { result.await() } }
        assertThat(Scrape.of(registry).inFlight()).isEqualTo(1.0)
        result.complete(1f)
        call.join()
        assertThat(Scrape.of(registry).inFlight()).isZero()
        assertThat(successes).isEqualTo(1.0)
    }

    @Test
    fun timed_coroutineIsCancelled_countsOnceAsCancelled() = runBlocking<Unit> {
        val call = launch(start = CoroutineStart.UNDISPATCHED) { recorder.timed { awaitCancellation() } }
        call.cancelAndJoin()
        assertThat(errors(ErrorReason.CANCELLED)).isEqualTo(1.0)
        assertThat(Scrape.of(registry).count()).isEqualTo(1.0)
    }

    @Test
    fun timed_timesOut_isATimeout() {
        assertThatThrownBy {
            runBlocking { withTimeout(1) { recorder.timed { awaitCancellation() } } }
        }.isInstanceOf(TimeoutCancellationException::class.java)
        assertThat(errors(ErrorReason.TIMEOUT)).isEqualTo(1.0)
    }

    @Test
    fun timed_timesOut_theUsersClassifierIsAskedFirst() {
        val deadline = ErrorReason.of("deadline")
        val own = PrometheusRegistry()
        val classified =
            PredictionMetrics.builder()
                .registry(own)
                .errorReasons(deadline)
                .errorClassifier { if (it is TimeoutCancellationException) deadline else null }
                .build()
                .recorder()
        assertThatThrownBy { runBlocking { withTimeout(1) { classified.timed { awaitCancellation() } } } }
            .isInstanceOf(TimeoutCancellationException::class.java)
        assertThat(Scrape.of(own).value("prediction_errors_total{reason=\"deadline\"}")).isEqualTo(1.0)
    }

    @Test
    fun timed_timeoutIsTheCause_isATimeout() {
        assertThatThrownBy {
            recorder.timed {
                try {
                    runBlocking { withTimeout(1) { awaitCancellation() } }
                } catch (e: TimeoutCancellationException) {
                    throw IOException("the model is slow", e)
                }
            }
        }.isInstanceOf(IOException::class.java)
        assertThat(errors(ErrorReason.TIMEOUT)).isEqualTo(1.0)
    }

    @Test
    fun timedBy_collectorThrows_isCancelled() {
        val gone = IOException("the client is gone")
        assertThatThrownBy { runBlocking { flowOf("a").timedBy(recorder).collect { throw gone } } }.isSameAs(gone)
        assertThatThrownBy { runBlocking { flowOf("a").timedBy(recorder).map { require(false) }.toList() } }
            .isInstanceOf(IllegalArgumentException::class.java)
        assertThat(errors(ErrorReason.CANCELLED)).isEqualTo(2.0)
        assertThat(Scrape.of(registry).count()).isEqualTo(2.0)
    }

    @Test
    fun timedBy_timesOutInTheCollector_isATimeout() {
        assertThatThrownBy {
            runBlocking { withTimeout(1) { flowOf("a").timedBy(recorder).collect { awaitCancellation() } } }
        }.isInstanceOf(TimeoutCancellationException::class.java)
        assertThat(errors(ErrorReason.TIMEOUT)).isEqualTo(1.0)
    }

    @Test
    fun timedBy_collectorStopsEarly_isCancelledOnce() = runBlocking<Unit> {
        assertThat(flowOf("a", "b").timedBy(recorder).first()).isEqualTo("a")
        assertThat(errors(ErrorReason.CANCELLED)).isEqualTo(1.0)
        assertThat(value("prediction_stream_items_total")).isEqualTo(1.0)
    }

    @Test
    fun timedBy_fails_isAnErrorWithItsReason() {
        val broken = flow<String> { require(false) { "below zero" } }
        assertThatThrownBy { runBlocking { broken.timedBy(recorder).toList() } }
            .isInstanceOf(IllegalArgumentException::class.java)
        assertThat(errors(ErrorReason.INVALID_INPUT)).isEqualTo(1.0)
    }

    @Test
    fun timedBy_neverCollected_isNoPrediction() {
        flowOf("a").timedBy(recorder)
        assertThat(Scrape.of(registry).count()).isZero()
    }
}
