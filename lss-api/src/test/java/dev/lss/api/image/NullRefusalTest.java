package dev.lss.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls everything public in the package with one null after the other. */
class NullRefusalTest {

  private static final Extents EXTENTS = new Extents(2, 3, 4);
  private static final GridGeometry GRID = GridGeometry.ofSpacing(EXTENTS, new Vector3(1, 1, 1));
  private static final IntUnaryOperator INT_PER_AXIS = axis -> 1 + axis;
  private static final IntToDoubleFunction DOUBLE_PER_AXIS = axis -> 1 + axis;
  private static final IntPredicate EVERYWHERE = n -> true;

  /** One usable value of every type that is taken. */
  private static final Map<Class<?>, Object> SAMPLES =
      Map.ofEntries(
          Map.entry(int.class, 0),
          Map.entry(double.class, 1.0),
          Map.entry(boolean.class, true),
          Map.entry(String.class, "LPS"),
          Map.entry(Vector3.class, new Vector3(1, 1, 1)),
          Map.entry(Extents.class, EXTENTS),
          Map.entry(IndexBox.class, IndexBox.of(EXTENTS)),
          Map.entry(Affine.class, GRID.affine()),
          Map.entry(GridGeometry.class, GRID),
          Map.entry(GridGeometry.Space.class, GridGeometry.Space.PATIENT_LPS),
          Map.entry(AnatomicalCode.class, AnatomicalCode.LPS),
          Map.entry(AnatomicalCode.Direction.class, AnatomicalCode.Direction.LEFT),
          Map.entry(Volume.class, Volume.wrap(GRID, new float[24])),
          Map.entry(LabelVolume.class, LabelVolume.empty(GRID)),
          Map.entry(float[].class, new float[24]),
          Map.entry(short[].class, new short[24]),
          Map.entry(double[].class, new double[3]),
          Map.entry(double[][].class, GRID.affine().lpsMatrix()),
          Map.entry(IntUnaryOperator.class, INT_PER_AXIS),
          Map.entry(IntToDoubleFunction.class, DOUBLE_PER_AXIS),
          Map.entry(IntPredicate.class, EVERYWHERE));

  static List<Executable> everythingThatTakesAnObject() {
    return Stream.of(
            Vector3.class,
            Extents.class,
            IndexBox.class,
            Affine.class,
            GridGeometry.class,
            AnatomicalCode.class,
            Volume.class,
            LabelVolume.class,
            DistanceTransform.class)
        .flatMap(
            type ->
                Stream.<Executable>concat(
                    Stream.of(type.getConstructors()), Stream.of(type.getDeclaredMethods())))
        .filter(call -> Modifier.isPublic(call.getModifiers()) && !call.isSynthetic())
        .filter(call -> !call.getName().equals("equals"))
        .filter(call -> !places(call).isEmpty())
        .toList();
  }

  private static List<Integer> places(Executable call) {
    List<Integer> places = new ArrayList<>();
    for (int n = 0; n < call.getParameterCount(); n++) {
      if (!call.getParameterTypes()[n].isPrimitive()) {
        places.add(n);
      }
    }
    return places;
  }

  @Test
  void there_is_something_to_call() {
    assertThat(everythingThatTakesAnObject()).hasSizeGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("everythingThatTakesAnObject")
  void null_is_refused_by_name(Executable call) {
    for (int place : places(call)) {
      Object[] arguments =
          Stream.of(call.getParameterTypes()).map(NullRefusalTest::sample).toArray();
      arguments[place] = null;

      Throwable thrown = catchThrowable(() -> invoke(call, arguments));

      assertThat(thrown).as("parameter %d", place).isInstanceOf(NullPointerException.class);
      assertThat(thrown.getMessage()).matches("[a-zA-Z]+|.* because \"[a-zA-Z]+\" is null");
    }
  }

  private static Object sample(Class<?> type) {
    Object sample = SAMPLES.get(type);
    assertThat(sample).as("a sample of %s", type).isNotNull();
    return sample;
  }

  private static void invoke(Executable call, Object[] arguments) throws Throwable {
    try {
      if (call instanceof Method method) {
        Object target =
            Modifier.isStatic(call.getModifiers()) ? null : sample(call.getDeclaringClass());
        method.invoke(target, arguments);
      } else {
        ((java.lang.reflect.Constructor<?>) call).newInstance(arguments);
      }
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
