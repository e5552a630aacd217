@file:JvmName("Streaming")

package io.kubeserve.metrics.kotlin

import io.kubeserve.metrics.PredictionRecorder
import io.kubeserve.metrics.contract.ErrorReason
import java.util.concurrent.CancellationException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * Records each collection of a flow as a stream, from its start to its completion, failure or
 * cancellation. One whose collector stops early, as `take` and `first` do, or throws is cancelled.
 *
 * @param recorder what counts the streams
 * @return a flow of the same items
 * @since 0.1.0
 */
public fun <T> Flow<T>.timedBy(recorder: PredictionRecorder): Flow<T> = flow {
    val stream = recorder.startStream()
    var thrown: Throwable? = null
    var ofCollector: Throwable? = null
    try {
        collect { item ->
            stream.item()
            try {
                emit(item)
            } catch (failure: Throwable) {
                ofCollector = failure
                throw failure
            }
        }
    } catch (failure: Throwable) {
        thrown = failure
        // The model did not fail; but a timeout is one, whoever notices it.
        if (failure === ofCollector && failure !is CancellationException) {
            stream.error(ErrorReason.CANCELLED)
        }
        throw failure
    } finally {
        stream.endWith(thrown)
    }
}
