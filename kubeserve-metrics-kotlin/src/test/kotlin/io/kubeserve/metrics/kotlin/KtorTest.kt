package io.kubeserve.metrics.kotlin

import io.kubeserve.metrics.PredictionMetrics
import io.kubeserve.metrics.PredictionRecorder
import io.kubeserve.metrics.contract.Stage
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.request.receiveText
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import io.prometheus.metrics.exporter.httpserver.HTTPServer
import io.prometheus.metrics.model.registry.PrometheusRegistry
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test

/** The server of the guide, in Ktor on Netty, with real clients. */
class KtorTest {
    /** One that takes longer than anybody waits if it is asked for a negative number. */
    private class Model {
        suspend fun predict(features: List<Float>): Float {
            require(features.isNotEmpty()) { "no features" }
            if (features[0] < 0) delay(FOREVER_MILLIS)
            return features.sum()
        }
    }

    private val registry = PrometheusRegistry()
    private val recorder = PredictionMetrics.builder().registry(registry).build().recorder()
    private val model = Model()
    private val server = embeddedServer(Netty, port = 0, host = "127.0.0.1") { predictions(recorder, model) }
    private val metrics = HTTPServer.builder().hostname("127.0.0.1").port(0).registry(registry).buildAndStart()
    private val client = HttpClient.newHttpClient()

    // @start region="ktor"
    private fun Application.predictions(recorder: PredictionRecorder, model: Model) = routing {
        post("/predict") {
            val body = call.receiveText()
            try {
                val score = recorder.timed { prediction ->
                    val features = body.split(',').map(String::toFloat)
                    prediction.endStage(Stage.PREPROCESS)
                    withTimeout(LIMIT_MILLIS) { model.predict(features) }
                }
                call.respondText("$score")
            } catch (_: TimeoutCancellationException) {
                call.respond(HttpStatusCode.GatewayTimeout)
            } catch (_: IllegalArgumentException) {
                call.respond(HttpStatusCode.BadRequest)
            }
        }
    }
    // @end

    @BeforeEach
    fun start() {
        server.start()
    }

    @AfterEach
    fun stop() {
        server.stop(100, 5_000)
        metrics.close()
    }

    private fun predict(body: String): Int {
        val port = runBlocking { server.engine.resolvedConnectors().first().port }
        val request =
            HttpRequest.newBuilder(URI("http://127.0.0.1:$port/predict"))
                .POST(BodyPublishers.ofString(body))
                .build()
        return client.send(request, BodyHandlers.ofString()).statusCode()
    }

    private fun scrape(): String =
        client
            .send(
                HttpRequest.newBuilder(URI("http://127.0.0.1:${metrics.port}/metrics")).build(),
                BodyHandlers.ofString(),
            )
            .body()

    @Test
    fun predict_answersFailsAndTakesTooLong_countsEachOnce() {
        assertThat(predict("1,2")).isEqualTo(200)
        assertThat(predict("a")).isEqualTo(400)
        assertThat(predict("-1")).isEqualTo(504)
        assertThat(scrape())
            .contains(
                "predictions_total{status=\"success\"} 1.0",
                "predictions_total{status=\"error\"} 2.0",
                "prediction_errors_total{reason=\"invalid_input\"} 1.0",
                "prediction_errors_total{reason=\"timeout\"} 1.0",
                "prediction_stage_latency_ms_count{stage=\"preprocess\"} 2",
                "predictions_in_flight 0.0",
            )
    }

    private companion object {
        const val LIMIT_MILLIS = 50L
        const val FOREVER_MILLIS = 60_000L
    }
}
