package io.kubeserve.metrics.spring

import io.prometheus.metrics.model.registry.PrometheusRegistry
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration
import org.springframework.boot.test.context.runner.ApplicationContextRunner

/** Kotlin's functions are timed as Java's are: to their end, with the reason of their error. */
class SuspendTest {
  /** A model as a team writes it in Kotlin. */
  interface Model {
    suspend fun predict(result: CompletableDeferred<Float>): Float

    suspend fun nothing(result: CompletableDeferred<Unit>)

    suspend fun nullable(): Float?

    suspend fun afterFuture(result: CompletableFuture<Float>): Float

    fun stream(values: List<Float>, between: () -> Unit): Flow<Float>

    suspend fun streamLater(values: List<Float>): Flow<Float>

    fun plain(x: Float): Float

    fun any(result: Any): Any

    suspend fun untimed(): Float
  }

  open class Served : Model {
    @TimedPrediction override suspend fun predict(result: CompletableDeferred<Float>): Float = result.await()

    @TimedPrediction
    override suspend fun nothing(result: CompletableDeferred<Unit>) {
      result.await()
    }

    @TimedPrediction
    override suspend fun nullable(): Float? {
      yield()
      return null
    }

    @TimedPrediction override suspend fun afterFuture(result: CompletableFuture<Float>): Float = result.await()

    @TimedPrediction
    override fun stream(values: List<Float>, between: () -> Unit): Flow<Float> = flow {
      for (value in values) {
        between()
        require(value >= 0) { "below zero" }
        emit(value)
      }
    }

    @TimedPrediction
    override suspend fun streamLater(values: List<Float>): Flow<Float> {
      yield()
      return stream(values) {}
    }

    @TimedPrediction override fun plain(x: Float): Float = 2 * x

    @TimedPrediction override fun any(result: Any): Any = result

    override suspend fun untimed(): Float = 1f
  }

  /** Not open, and of no interface. */
  class Final {
    @TimedPrediction suspend fun predict(): Float = 1f
  }

  open class FinalMethod {
    @TimedPrediction suspend fun predict(): Float = 1f
  }

  open class ReturnsDeferred {
    @TimedPrediction open fun predict(): Deferred<Float> = CompletableDeferred(1f)
  }

  open class ReturnsSequence {
    @TimedPrediction open fun predict(): Sequence<Float> = sequenceOf(1f)
  }

  private val nanos = AtomicLong()

  private val runner =
      ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  AopAutoConfiguration::class.java,
                  PredictionMetricsAutoConfiguration::class.java,
                  TimedPredictionAutoConfiguration::class.java))
          .withBean(
              PredictionMetricsCustomizer::class.java, { PredictionMetricsCustomizer { it.ticker(nanos::get) } })

  private fun pass(millis: Long) {
    nanos.addAndGet(millis * 1_000_000)
  }

  private class Counts(private val registry: PrometheusRegistry) {
    private fun value(name: String, vararg labels: String): Double =
        registry.scrape()
            .flatMap { family -> family.dataPoints.map { family.metadata.prometheusName to it } }
            .filter { (family, point) ->
              family == name && labels.toList().chunked(2).all { (label, value) -> point.labels.get(label) == value }
            }
            .sumOf { (_, point) ->
              when (point) {
                is CounterDataPointSnapshot -> point.value
                is GaugeDataPointSnapshot -> point.value
                is HistogramDataPointSnapshot -> point.sum
                else -> Double.NaN
              }
            }

    val successes
      get() = value("predictions", "status", "success")

    val errors
      get() = value("predictions", "status", "error")

    fun errors(reason: String) = value("prediction_errors", "reason", reason)

    val millis
      get() = value("prediction_latency_ms")

    val inFlight
      get() = value("predictions_in_flight")
  }

  private fun with(proxyTargetClass: Boolean = true, act: suspend CoroutineScope.(Model, Counts) -> Unit) {
    runner
        .withPropertyValues("spring.aop.proxy-target-class=$proxyTargetClass")
        .withBean(Model::class.java, { Served() })
        .run { context ->
          runBlocking {
            val counts = Counts(context.getBean(PrometheusRegistry::class.java))
            act(context.getBean(Model::class.java), counts)
            assertThat(counts.inFlight).isZero()
          }
        }
  }

  @ParameterizedTest
  @ValueSource(booleans = [true, false])
  fun suspendFunction_isTimedToItsEnd(proxyTargetClass: Boolean) =
      with(proxyTargetClass) { model, counts ->
        val result = CompletableDeferred<Float>()
        val call = launchNow { assertThat(model.predict(result)).isEqualTo(42f) }
        assertThat(counts.inFlight).isEqualTo(1.0)
        assertThat(counts.successes).isZero()
        pass(200)
        result.complete(42f)
        call.join()
        assertThat(counts.successes).isEqualTo(1.0)
        assertThat(counts.errors).isZero()
        assertThat(counts.millis).isEqualTo(200.0)
      }

  @ParameterizedTest
  @ValueSource(booleans = [true, false])
  fun suspendFunction_thatThrows_isAnErrorWithItsReason(proxyTargetClass: Boolean) =
      with(proxyTargetClass) { model, counts ->
        val result = CompletableDeferred<Float>()
        val call = launchNow {
          assertThat(runCatching { model.predict(result) }.exceptionOrNull())
              .isInstanceOf(IllegalArgumentException::class.java)
              .hasMessage("a negative age")
        }
        pass(50)
        result.completeExceptionally(IllegalArgumentException("a negative age"))
        call.join()
        assertThat(counts.successes).isZero()
        assertThat(counts.errors).isEqualTo(1.0)
        assertThat(counts.errors("invalid_input")).isEqualTo(1.0)
        assertThat(counts.millis).isEqualTo(50.0)
      }

  @Test
  fun suspendFunction_whoseCallerIsCancelled_isCancelled() =
      with { model, counts ->
        val call = launchNow { model.predict(CompletableDeferred()) }
        assertThat(counts.inFlight).isEqualTo(1.0)
        pass(30)
        call.cancelAndJoin()
        assertThat(counts.errors("cancelled")).isEqualTo(1.0)
        assertThat(counts.errors).isEqualTo(1.0)
        assertThat(counts.millis).isEqualTo(30.0)
      }

  @Test
  fun suspendFunction_thatIsCancelledItself_isCancelled() =
      with { model, counts ->
        val result = CompletableDeferred<Float>()
        result.cancel(CancellationException("gone"))
        assertThat(runCatching { model.predict(result) }.exceptionOrNull())
            .isInstanceOf(CancellationException::class.java)
        assertThat(counts.errors("cancelled")).isEqualTo(1.0)
        assertThat(counts.successes).isZero()
      }

  @Test
  fun suspendFunction_ofNoValue_isASuccess() =
      with { model, counts ->
        val result = CompletableDeferred<Unit>()
        val call = launchNow { model.nothing(result) }
        assertThat(counts.successes).isZero()
        pass(10)
        result.complete(Unit)
        call.join()
        assertThat(model.nullable()).isNull()
        assertThat(counts.successes).isEqualTo(2.0)
        assertThat(counts.millis).isEqualTo(10.0)
      }

  @Test
  fun suspendFunction_afterAFuture_isTimedToItsEnd() =
      with { model, counts ->
        val result = CompletableFuture<Float>()
        val call = launchNow { assertThat(model.afterFuture(result)).isEqualTo(1f) }
        pass(70)
        result.complete(1f)
        call.join()
        assertThat(counts.successes).isEqualTo(1.0)
        assertThat(counts.millis).isEqualTo(70.0)
      }

  @Test
  fun suspendFunction_withoutTheAnnotation_isNotTimed() =
      with { model, counts ->
        assertThat(model.untimed()).isEqualTo(1f)
        assertThat(model.plain(2f)).isEqualTo(4f)
        assertThat(counts.successes).isEqualTo(1.0)
      }

  @Test
  fun flow_isTimedEachTimeItIsCollected() =
      with { model, counts ->
        val flow = model.stream(listOf(1f, 2f)) { pass(5) }
        assertThat(counts.successes).isZero()
        assertThat(flow.toList()).containsExactly(1f, 2f)
        assertThat(flow.toList()).containsExactly(1f, 2f)
        assertThat(counts.successes).isEqualTo(2.0)
        assertThat(counts.millis).isEqualTo(20.0)
      }

  @Test
  fun flow_thatThrows_isAnErrorWithItsReason() =
      with { model, counts ->
        assertThat(runCatching { model.stream(listOf(1f, -1f)) {}.toList() }.exceptionOrNull())
            .hasMessage("below zero")
        assertThat(counts.errors("invalid_input")).isEqualTo(1.0)
        assertThat(counts.successes).isZero()
      }

  @Test
  fun flow_ofWhichTheFirstIsTaken_isCancelled() =
      with { model, counts ->
        val moreThanAreBuffered = List(1000) { 1f }
        assertThat(model.stream(moreThanAreBuffered) {}.first()).isEqualTo(1f)
        assertThat(counts.errors("cancelled")).isEqualTo(1.0)
        assertThat(counts.successes).isZero()
      }

  @Test
  fun suspendFunction_thatReturnsAFlow_isTimedWhenItIsCollected() =
      with { model, counts ->
        assertThat(model.streamLater(listOf(1f)).toList()).containsExactly(1f)
        assertThat(counts.successes).isEqualTo(1.0)
      }

  @Test
  fun flow_thatTheMethodDoesNotDeclare_isTimed() =
      with { model, counts ->
        val flow = model.any(model.stream(listOf(1f)) { pass(5) }) as Flow<*>
        assertThat(flow.toList()).containsExactly(1f)
        // The inner call is a prediction, too.
        assertThat(counts.successes).isEqualTo(2.0)
        assertThat(counts.millis).isEqualTo(10.0)
      }

  @Test
  fun deferred_thatTheMethodDoesNotDeclare_isAnError() =
      with { model, counts ->
        val later = CompletableDeferred<Float>()
        assertThat(model.any(later)).isSameAs(later)
        assertThat(counts.errors("other")).isEqualTo(1.0)
        assertThat(counts.successes).isZero()
      }

  @ParameterizedTest
  @ValueSource(classes = [Final::class, FinalMethod::class, ReturnsDeferred::class, ReturnsSequence::class])
  fun whatCannotBeTimed_stopsTheStart(bean: Class<*>) {
    runner.withBean(bean).run { context -> assertThat(context.startupFailure).isNotNull() }
  }

  @Test
  fun methodThatIsNotOpen_stopsTheStartWithASentence() {
    runner.withBean(FinalMethod::class.java).run { context ->
      assertThat(context.startupFailure)
          .hasStackTraceContaining("FinalMethod.predict cannot time it")
          .hasStackTraceContaining("in Kotlin open")
    }
  }

  private fun CoroutineScope.launchNow(block: suspend CoroutineScope.() -> Unit): Job =
      launch(start = CoroutineStart.UNDISPATCHED, block = block)
}
