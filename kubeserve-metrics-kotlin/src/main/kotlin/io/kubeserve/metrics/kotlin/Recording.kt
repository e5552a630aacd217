@file:JvmName("Recording")

package io.kubeserve.metrics.kotlin

import io.kubeserve.metrics.Prediction
import io.kubeserve.metrics.PredictionRecorder
import io.kubeserve.metrics.ServedModel
import io.kubeserve.metrics.ThrowingSupplier
import io.kubeserve.metrics.TimedIterator
import java.util.concurrent.CompletionStage

/**
 * Makes a call and records it as a prediction, as `PredictionRecorder.timeStages` does: a success
 * when it returns, an error when it throws. It may suspend; one whose coroutine is cancelled counts
 * once, with the reason `cancelled`, and one that `withTimeout` ends with the reason `timeout`.
 *
 * @param call the prediction; its parameter tells the ends of stages and the size of a batch
 * @return its result
 * @since 0.1.0
 */
public inline fun <T> PredictionRecorder.timed(call: (Prediction) -> T): T {
    val prediction = start()
    var thrown: Throwable? = null
    try {
        return call(prediction)
    } catch (failure: Throwable) {
        thrown = failure
        throw failure
    } finally {
        // Not where the call returns: a lambda that is inlined may return from the caller.
        prediction.endWith(thrown)
    }
}

@PublishedApi
internal fun Prediction.endWith(thrown: Throwable?) {
    if (thrown == null) success() else error(thrown)
    close()
}

/**
 * Makes a call that starts an asynchronous prediction, as `PredictionRecorder.timeAsync` does.
 *
 * @param call the start of the prediction
 * @return the stage that the call returned, or the future that stands for it
 * @since 0.1.0
 */
public inline fun <S : CompletionStage<*>> PredictionRecorder.timedAsync(crossinline call: () -> S): S =
    timeAsync(ThrowingSupplier<S, Throwable> { call() })

/**
 * Makes a call that returns the items of a stream, and records the stream as they are fetched, as
 * [TimedIterator.of] does.
 *
 * @param call the prediction
 * @return the items; close it if you may stop before the last one
 * @since 0.1.0
 */
public inline fun <T> PredictionRecorder.timedIterator(crossinline call: () -> Iterator<T>): TimedIterator<T> =
    TimedIterator.of(this, ThrowingSupplier<Iterator<T>, Throwable> { call() })

/**
 * Loads the model, as [ServedModel.load] does: ready when the call returns. It may not suspend, since
 * a warm-up is told from predictions by its thread.
 *
 * @param call the load
 * @return the model
 * @since 0.1.0
 */
public inline fun <M> ServedModel.loaded(crossinline call: () -> M): M =
    load(ThrowingSupplier<M, Throwable> { call() })
