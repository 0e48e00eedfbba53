package dev.lss.core.inference;

import dev.lss.api.BackendException;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.spi.WorkingMemory;
import java.util.Optional;

/**
 * Gives the session of a backend that does not extend {@link CheckedSession} the same checks.
 * Thread-safe.
 */
public final class GuardedSession extends CheckedSession {

  private final InferenceSession session;

  private GuardedSession(InferenceSession session, String name) {
    super(name, session.input(), session.output());
    this.session = session;
  }

  /**
   * Returns a session that cannot be misused: the session itself when it is checked, else one
   * around it, to which it belongs from now on.
   *
   * @param session the session
   * @param name name of the model for messages, such as {@code ct-vertebrae/localizer}
   */
  public static CheckedSession of(InferenceSession session, String name) {
    return session instanceof CheckedSession checked ? checked : new GuardedSession(session, name);
  }

  /**
   * Opens a model with a backend; the session cannot be misused.
   *
   * @throws BackendException {@code FORMAT_UNSUPPORTED} when the model is a file of a format that
   *     the backend does not open, or as {@link InferenceBackend#open}
   */
  public static CheckedSession open(
      InferenceBackend backend, ModelSource model, SessionConfig config) {
    if (model instanceof ModelSource.Opaque opaque
        && !backend.formats().contains(opaque.format())) {
      throw new BackendException(
          "FORMAT_UNSUPPORTED",
          "%s is a file of the format %s, which the backend %s does not open; it opens %s"
              .formatted(opaque.name(), opaque.format(), backend.id(), backend.formats()));
    }
    return of(backend.open(model, config), model.name());
  }

  @Override
  protected void runOpen(FloatTensor in, FloatTensor out) {
    session.run(in, out);
  }

  @Override
  public Optional<WorkingMemory> workingMemory(Shape input) {
    return session.workingMemory(input);
  }

  @Override
  protected void release() {
    session.close();
  }
}
