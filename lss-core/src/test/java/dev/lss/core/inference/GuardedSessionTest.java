package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Shape;
import org.junit.jupiter.api.Test;

class GuardedSessionTest {

  private static FloatTensor tensor(int channels) {
    return FloatTensor.allocate(Shape.of(1, channels, 2, 2, 2));
  }

  @Test
  void a_session_without_checks_gets_them() {
    FakeSession fake = FakeSession.identity();
    CheckedSession session = GuardedSession.of(fake, "tiny");
    FloatTensor in = tensor(1);
    FloatTensor out = tensor(1);
    in.data().put(7, 3);
    session.run(in, out);

    assertThat(out.data().get(7)).isEqualTo(3);
    assertThatThrownBy(() -> session.run(tensor(2), out)).isInstanceOf(BackendException.class);
    session.close();
    session.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> session.run(in, out))
        .withMessage("the session of tiny is closed");
    assertThat(fake.runs).hasValue(1);
    assertThat(fake.closes).hasValue(1);
  }

  @Test
  void a_checked_session_stays_as_it_is() {
    CheckedSession session = GuardedSession.of(FakeSession.identity(), "tiny");

    assertThat(GuardedSession.of(session, "tiny")).isSameAs(session);
  }
}
