package dev.lss.spi;

import dev.lss.api.BackendException;
import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.FloatBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A session that cannot be misused, and the one place that says so: tensors are checked before
 * native code sees them (a wrong shape ends the process in some runtimes), runs may overlap, {@link
 * #close} waits for them, a run after it is an {@link IllegalStateException}, and a result that is
 * not finite is an error and not a label. Backends extend it; the sessions of those that do not are
 * wrapped in one. Thread-safe.
 *
 * <p>Native code cannot be stopped in the middle, so a run that can be cancelled has a thread of
 * its own. When it is cancelled, the runtime is asked to {@linkplain #stop stop}; if it does not
 * within half a second, the caller goes on without it: the session is given up, later runs are
 * refused, {@link #close} returns at once, and what the session holds is released when the call
 * returns at last.
 */
public abstract class CheckedSession implements InferenceSession {

  private static final int CHUNK = 1 << 14;
  private static final int INFINITY_BITS = 0x7f800000;

  private static final long LOOK_MILLIS = 10;
  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Logger LOG = System.getLogger("dev.lss.spi");

  /**
   * Threads for runs that can be cancelled, of all sessions: one after the other runs on the same
   * thread, as some runtimes keep threads of their own for each that calls them. They end when they
   * are idle.
   */
  private static final ExecutorService THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          5,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> {
            Thread thread = new Thread(work, "lss-runtime");
            thread.setDaemon(true);
            return thread;
          });

  private final String name;
  private final TensorSpec input;
  private final TensorSpec output;

  /** Guards what follows; held while the session is released, never while a model runs. */
  private final Object state = new Object();

  private int running;
  private boolean closed;
  private boolean abandoned;
  private boolean released;

  /**
   * Starts open.
   *
   * @param name name of the model for messages, such as {@code ct-vertebrae/localizer}
   * @param input what the input must look like
   * @param output what the output looks like
   */
  protected CheckedSession(String name, TensorSpec input, TensorSpec output) {
    this.name = name;
    this.input = input;
    this.output = output;
  }

  /** Returns the name of the model for messages. */
  protected final String name() {
    return name;
  }

  @Override
  public final TensorSpec input() {
    return input;
  }

  @Override
  public final TensorSpec output() {
    return output;
  }

  /**
   * Runs the model once, on the calling thread.
   *
   * @throws IllegalStateException when the session is closed
   * @throws BackendException {@code WRONG_SHAPE} when a tensor does not fit, {@code NUMERIC} when
   *     the result holds NaN or infinity, {@code SESSION_ABANDONED} when an earlier run was
   *     cancelled and did not end, or what the runtime reports
   */
  @Override
  public final void run(FloatTensor in, FloatTensor out) {
    Call call = enter();
    try {
      runEntered(in, out);
    } finally {
      leave(call);
    }
  }

  /**
   * Runs the model once; when it is cancelled, by the token or by an interrupt of the calling
   * thread, this ends within a second, whatever the runtime does. The tensors must not be used
   * again after that, as the runtime may still write to them.
   *
   * @throws CancelledException when cancelled
   */
  @Override
  public final void run(FloatTensor in, FloatTensor out, CancellationToken cancellation) {
    cancellation.throwIfCancelled();
    Call call = enter();
    Future<?> running;
    try {
      running =
          THREADS.submit(
              () -> {
                try {
                  runEntered(in, out);
                } finally {
                  leave(call);
                }
              });
    } catch (RuntimeException | Error e) { // no thread could be started
      leave(call);
      throw e;
    }
    await(call, running, () -> stop(in, out), cancellation);
  }

  /** A run from its begin to its end, whoever waits for it. */
  private static final class Call {
    private boolean returned;
  }

  private Call enter() {
    synchronized (state) {
      if (closed) {
        throw new IllegalStateException("the session of " + name + " is closed");
      }
      if (abandoned) {
        throw new BackendException(
            "SESSION_ABANDONED",
            name
                + " was given up, as it was cancelled while the runtime worked and did not stop:"
                + " open the model again");
      }
      running++;
      return new Call();
    }
  }

  private void leave(Call call) {
    synchronized (state) {
      call.returned = true;
      running--;
      if (running == 0 && abandoned) {
        try {
          releaseOnce();
        } catch (RuntimeException e) { // nobody waits for it
          LOG.log(Level.WARNING, name + " was cancelled and could not be released", e);
        }
      }
      state.notifyAll();
    }
  }

  private void runEntered(FloatTensor in, FloatTensor out) {
    checkShapes(in.shape(), out.shape());
    runOpen(in, out);
    checkFinite(in.data(), out.data());
  }

  private void await(Call call, Future<?> run, Runnable stop, CancellationToken cancellation) {
    boolean interrupted = false;
    boolean stopping = false;
    long deadline = 0;
    try {
      while (!ended(run, stopping)) {
        if (!stopping && (cancellation.isCancelled() || interrupted)) {
          stopping = true;
          deadline = System.nanoTime() + GRACE_NANOS;
          stopQuietly(stop);
        }
        if (stopping && System.nanoTime() - deadline >= 0 && abandon(call)) {
          throw new CancelledException(
              "CANCELLED",
              "the work was cancelled; "
                  + name
                  + " still works on its last tile and is closed after it: open the model again");
        }
        try {
          run.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException | ExecutionException e) {
          // looked at when the loop begins anew
        }
      }
      if (stopping) {
        throw new CancelledException("CANCELLED", "the work was cancelled");
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A runtime that cannot be asked to stop is waited for as one that does not. */
  private void stopQuietly(Runnable stop) {
    try {
      stop.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, name + " could not be asked to stop", e);
    }
  }

  /** Returns whether a run has ended; what it threw is thrown here, unless it was to stop. */
  private static boolean ended(Future<?> run, boolean stopping) {
    if (!run.isDone()) {
      return false;
    }
    try {
      run.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // looked at by the caller's next wait
      return false;
    } catch (ExecutionException e) {
      if (stopping) {
        return true;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
    return true;
  }

  /** Gives the session up because of a run; returns false when that has returned meanwhile. */
  private boolean abandon(Call call) {
    synchronized (state) {
      abandoned |= !call.returned;
      state.notifyAll();
      return !call.returned;
    }
  }

  /**
   * Asks the runtime to end the run with these tensors early, with an error. Called from another
   * thread, while that run is under way or has just ended. Does nothing unless a backend can.
   *
   * @param in the input of the run, the very object
   * @param out its output, the very object
   */
  protected void stop(FloatTensor in, FloatTensor out) {}

  private void checkShapes(Shape in, Shape out) {
    input.check(in);
    output.check(out);
    if (in.get(0) != out.get(0)) {
      throw new BackendException(
          "WRONG_SHAPE",
          "%s: input %s and output %s differ in the number of samples".formatted(name, in, out));
    }
  }

  private void checkFinite(FloatBuffer in, FloatBuffer out) {
    if (isFinite(out)) {
      return;
    }
    throw new BackendException(
        "NUMERIC",
        isFinite(in)
            ? name
                + " gave a result that is not finite for an input that is: the values are beyond"
                + " the range of the network's arithmetic, or its weights are damaged"
            : name
                + " was given an input that holds NaN or infinity, so its result does too: give"
                + " finite values");
  }

  private static boolean isFinite(FloatBuffer values) {
    float[] chunk = new float[CHUNK];
    for (int at = 0; at < values.capacity(); at += CHUNK) {
      int n = Math.min(CHUNK, values.capacity() - at);
      values.get(at, chunk, 0, n);
      if (largestMagnitudeBits(chunk, n) >= INFINITY_BITS) {
        return false;
      }
    }
    return true;
  }

  /** Those of finite floats are below infinity's, which are below those of NaN. */
  private static int largestMagnitudeBits(float[] values, int count) {
    int largest = 0;
    for (int n = 0; n < count; n++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[n]) & 0x7fffffff);
    }
    return largest;
  }

  /** Runs the model; each tensor fits its specification, and the session stays open meanwhile. */
  protected abstract void runOpen(FloatTensor in, FloatTensor out);

  /** Waits for runs, but not for one that was given up: what is held is released after it. */
  @Override
  public final void close() {
    boolean interrupted = false;
    synchronized (state) {
      closed = true;
      while (running > 0 && !abandoned) {
        try {
          state.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      try {
        if (running == 0) {
          releaseOnce();
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private void releaseOnce() {
    if (!released) {
      released = true;
      release();
    }
  }

  /** Releases what the session holds; called once, when no run is left. */
  protected abstract void release();
}
