@file:JvmName("Streaming")

package io.kubeserve.metrics.kotlin

import io.kubeserve.metrics.PredictionRecorder
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * Records each collection of a flow as a stream, from its start to its completion, failure or
 * cancellation. One whose collector stops early, as `take` and `first` do, is cancelled.
 *
 * @param recorder what counts the streams
 * @return a flow of the same items
 * @since 0.1.0
 */
public fun <T> Flow<T>.timedBy(recorder: PredictionRecorder): Flow<T> = flow {
    val stream = recorder.startStream()
    var thrown: Throwable? = null
    try {
        collect { item ->
            stream.item()
            emit(item)
        }
    } catch (failure: Throwable) {
        thrown = failure
        throw failure
    } finally {
        stream.endWith(thrown)
    }
}
