package dev.lss.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.backend.onnx.OnnxModel.Attribute;
import dev.lss.backend.onnx.OnnxModel.AttributeKind;
import dev.lss.backend.onnx.OnnxModel.Node;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes and values as ONNX's documentation of the operators gives them. */
class SizeRulesTest {

  private static final int OPERATOR_SET = 18;

  private final Map<String, Attribute> attributes = new HashMap<>();
  private int outputs = 1;

  private static KnownTensor tensor(long... dims) {
    return KnownTensor.of(Arrays.stream(dims).boxed().toList());
  }

  private static KnownTensor longs(double... values) {
    return KnownTensor.list(values);
  }

  private static KnownTensor floats(double... values) {
    return tensor(values.length).with(values, false);
  }

  private SizeRulesTest with(String name, long... values) {
    AttributeKind kind = values.length == 1 ? AttributeKind.INT : AttributeKind.INTS;
    List<Long> integers = Arrays.stream(values).boxed().toList();
    attributes.put(name, new Attribute(kind, integers, List.of(), "", Optional.empty()));
    return this;
  }

  private SizeRulesTest with(String name, String text) {
    attributes.put(
        name, new Attribute(AttributeKind.STRING, List.of(), List.of(), text, Optional.empty()));
    return this;
  }

  private List<KnownTensor> all(String operator, KnownTensor... inputs) {
    List<String> names = Collections.nCopies(inputs.length, "t");
    Node node =
        new Node("node 0", operator, "", names, Collections.nCopies(outputs, "o"), attributes);
    return SizeRules.outputs(
        new KnownNode(node, Arrays.stream(inputs).map(Optional::of).toList(), OPERATOR_SET));
  }

  private KnownTensor one(String operator, KnownTensor... inputs) {
    return all(operator, inputs).get(0);
  }

  private static void assertDims(KnownTensor tensor, Integer... dims) {
    assertThat(tensor.dims()).containsExactly(dims);
  }

  private static void assertValues(KnownTensor tensor, double... values) {
    assertThat(tensor.values().orElseThrow()).containsExactly(values);
  }

  private void assertRefused(String operator, KnownTensor... inputs) {
    assertThatIllegalArgumentException().isThrownBy(() -> all(operator, inputs));
  }

  @Test
  void every_operator_on_the_list_has_a_rule() {
    for (String operator : OnnxOperators.names()) {
      KnownTensor[] none = new KnownTensor[0];
      try {
        all(operator, none);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).as(operator).doesNotContain("are not known");
      }
    }
  }

  @Test
  void axes_of_size_1_are_repeated() {
    assertDims(one("Add", tensor(2, 1, 4), tensor(3, 1)), 2, 3, 4);
    assertDims(one("Where", tensor(1), tensor(2, 1), tensor(3)), 2, 3);
    assertRefused("Add", tensor(2, 3), tensor(2, 4));
  }

  @ParameterizedTest
  @CsvSource({
    // size, kernel, stride, dilation, pad, ceil, expected
    "32, 3, 1, 1, 1, 0, 32",
    "32, 3, 2, 1, 1, 0, 16",
    "7, 2, 2, 1, 0, 0, 3",
    "7, 2, 2, 1, 0, 1, 4",
    "7, 3, 1, 2, 0, 0, 3",
    "5, 2, 3, 1, 1, 1, 2", // a third window would begin behind the image
  })
  void windows_are_counted(
      int size, int kernel, int stride, int dilation, int pad, int up, int expected) {
    with("kernel_shape", kernel, kernel)
        .with("strides", stride, stride)
        .with("dilations", dilation, dilation)
        .with("pads", pad, pad, pad, pad)
        .with("ceil_mode", up);

    assertDims(one("MaxPool", tensor(1, 5, size, size)), 1, 5, expected, expected);
  }

  @Test
  void a_convolution_fits_its_weights() {
    assertDims(
        with("pads", 1, 1, 1, 1)
            .with("group", 2)
            .one("Conv", tensor(1, 4, 8, 9), tensor(6, 2, 3, 3)),
        1,
        6,
        8,
        9);
    assertRefused("Conv", tensor(1, 5, 8, 9), tensor(6, 2, 3, 3));
    assertRefused("Conv", tensor(1, 4, 8, 9), tensor(6, 2, 3, 3), tensor(5));
    assertRefused("Conv", tensor(1, 4, 1, 1), tensor(6, 2, 5, 5));
  }

  @Test
  void a_transposed_convolution_is_one_backwards() {
    with("strides", 2, 2).with("pads", 1, 1, 1, 1).with("output_padding", 1, 1);

    assertDims(one("ConvTranspose", tensor(1, 4, 8, 8), tensor(4, 3, 3, 3)), 1, 3, 16, 16);
    assertRefused("ConvTranspose", tensor(1, 5, 8, 8), tensor(4, 3, 3, 3));
  }

  @Test
  void matrices_are_multiplied() {
    assertDims(one("MatMul", tensor(5, 1, 2, 3), tensor(4, 3, 6)), 5, 4, 2, 6);
    assertDims(one("MatMul", tensor(3), tensor(4, 3, 6)), 4, 6);
    assertDims(one("MatMul", tensor(4, 2, 3), tensor(3)), 4, 2);
    assertDims(one("MatMul", tensor(3), tensor(3)));
    assertDims(with("transB", 1).one("Gemm", tensor(2, 3), tensor(6, 3), tensor(6)), 2, 6);
    assertRefused("MatMul", tensor(2, 3), tensor(2, 3));
  }

  @Test
  void einstein_s_notation_names_the_axes() {
    with("equation", "bhid, bhjd -> bhij");

    assertDims(one("Einsum", tensor(1, 2, 3, 4), tensor(1, 2, 5, 4)), 1, 2, 3, 5);
    assertRefused("Einsum", tensor(1, 2, 3, 4), tensor(1, 2, 5, 6));
    assertRefused("Einsum", tensor(1, 2, 3, 4));
    with("equation", "...i->i");
    assertRefused("Einsum", tensor(2, 3));
  }

  @Test
  void sizes_are_read_cut_and_joined() {
    KnownTensor sizes = with("start", 2).one("Shape", tensor(1, 3, 4, 5, 6));

    assertValues(sizes, 4, 5, 6);
    assertValues(one("Gather", sizes, longs(-1, 0)), 6, 4);
    assertValues(one("Slice", sizes, longs(1), longs(Long.MAX_VALUE)), 5, 6);
    assertValues(one("Slice", sizes, longs(-1), longs(-9), longs(0), longs(-1)), 6, 5, 4);
    assertValues(with("axis", 0).one("Concat", sizes, longs(7)), 4, 5, 6, 7);
    assertValues(one("ReduceProd", sizes), 120);
    assertValues(one("Size", tensor(3, 4)), 12);
  }

  /** As PyTorch exports F.pad: pairs from the last axis to the first, made ONNX's order. */
  @Test
  void pads_are_worked_out_as_exporters_write_them() {
    KnownTensor pairs = longs(1, 2, 3, 4, 0, 0).reshaped(List.of(3L, 2L));
    KnownTensor reversed =
        one("Slice", pairs, longs(-1), longs(-9223372036854775807d), longs(0), longs(-1));
    KnownTensor order = one("Reshape", with("perm", 1, 0).one("Transpose", reversed), longs(-1));

    assertValues(order, 0, 3, 1, 0, 4, 2);
    assertDims(one("Pad", tensor(2, 10, 10), order), 2, 17, 13);
  }

  @Test
  void whole_numbers_are_divided_as_such_and_others_are_not() {
    assertValues(one("Div", longs(7, -7), longs(2)), 3, -3);
    assertValues(one("Mod", longs(7, -7), longs(3)), 1, 2);
    assertValues(one("Div", floats(7), floats(2)), 3.5);
    assertValues(one("Floor", one("Mul", floats(5), floats(1.5))), 7);
    assertValues(with("to", 7).one("Cast", floats(-2.7)), -2);
    assertThat(one("Div", longs(1), longs(0)).values()).isEmpty();
    assertThat(one("Mul", longs(1L << 40), longs(1L << 40)).values()).isEmpty();
  }

  @Test
  void comparisons_choose_sizes() {
    KnownTensor chosen = one("Where", one("Equal", longs(-1, 4), longs(-1)), longs(9), longs(5));

    assertValues(chosen, 9, 5);
    assertValues(one("Not", one("Less", longs(1), longs(2))), 0);
  }

  @Test
  void reshaping_keeps_the_number_of_elements() {
    assertDims(one("Reshape", tensor(2, 3, 4), longs(0, -1)), 2, 12);
    assertDims(with("axis", 2).one("Flatten", tensor(2, 3, 4)), 6, 4);
    assertDims(one("Squeeze", tensor(1, 3, 1), longs(-1)), 1, 3);
    assertDims(one("Unsqueeze", tensor(3, 4), longs(0, -1)), 1, 3, 4, 1);
    assertRefused("Reshape", tensor(2, 3), longs(4, -1));
    assertRefused("Reshape", tensor(2, 3), longs(-1, -1));
    assertRefused("Squeeze", tensor(2, 3), longs(0));
    assertRefused("Unsqueeze", tensor(2), longs(0, 0));
  }

  @Test
  void images_are_resized_by_scales_in_float32_or_to_sizes() {
    KnownTensor none = tensor(0).with(new double[0], false);

    assertDims(one("Resize", tensor(1, 1, 5, 7), none, floats(1, 1, 2, 1.5)), 1, 1, 10, 10);
    assertDims(one("Resize", tensor(1, 1, 5, 7), none, none, longs(1, 1, 20, 30)), 1, 1, 20, 30);
    assertRefused("Resize", tensor(1, 1, 5, 7), none, floats(1, 1, -2, 2));
    assertRefused("Resize", tensor(1, 1, 5, 7), none, floats(1, 2));
  }

  @Test
  void a_tensor_is_split_along_an_axis() {
    outputs = 2;

    assertThat(with("axis", 1).all("Split", tensor(2, 7)))
        .extracting(KnownTensor::dims)
        .containsExactly(List.of(2, 4), List.of(2, 3));
    assertThat(all("Split", tensor(2, 7), longs(1, 6)))
        .extracting(KnownTensor::dims)
        .containsExactly(List.of(2, 1), List.of(2, 6));
    assertRefused("Split", tensor(2, 7), longs(1, 7));
  }

  @Test
  void elements_are_gathered() {
    assertDims(with("axis", 1).one("Gather", tensor(2, 3, 4), tensor(5, 6)), 2, 5, 6, 4);
    assertDims(one("GatherElements", tensor(2, 3), tensor(5, 3)), 5, 3);
    assertDims(one("GatherND", tensor(2, 3, 4), tensor(7, 2)), 7, 4);
    assertRefused("Gather", longs(1, 2), longs(2));
  }

  @Test
  void the_rest_is_as_documented() {
    assertDims(one("Expand", tensor(3, 1), longs(2, 1, 6)), 2, 3, 6);
    assertDims(one("Tile", tensor(2, 3), longs(2, 2)), 4, 6);
    assertValues(one("Range", longs(3), longs(9), longs(3)), 3, 6);
    assertDims(one("OneHot", tensor(2, 3), longs(5), longs(0, 1)), 2, 3, 5);
    assertDims(with("axis", 1).one("TopK", tensor(2, 9), longs(4)), 2, 4);
    assertDims(with("axis", 1).with("keepdims", 0).one("ArgMax", tensor(2, 9, 3)), 2, 3);
    assertDims(with("keepdims", 0).one("ReduceMean", tensor(2, 9, 3), longs(1, -1)), 2);
    assertDims(with("blocksize", 2).one("DepthToSpace", tensor(1, 8, 3, 4)), 1, 2, 6, 8);
    assertDims(one("SpaceToDepth", tensor(1, 2, 6, 8)), 1, 8, 3, 4);
    assertDims(one("GlobalAveragePool", tensor(1, 2, 6, 8)), 1, 2, 1, 1);
  }

  static List<KnownTensor> impossibleSizes() {
    return List.of(longs(1L << 62, 4), longs(1L << 31), longs(1 << 16, 1 << 16), longs(-1));
  }

  @ParameterizedTest
  @MethodSource("impossibleSizes")
  void sizes_that_overflow_or_are_negative_are_refused(KnownTensor sizes) {
    assertRefused("ConstantOfShape", sizes);
    assertRefused("Expand", tensor(1), sizes);
  }

  @Test
  void steps_of_0_lead_nowhere() {
    assertRefused("Slice", tensor(5), longs(0), longs(1), longs(0), longs(0));
    assertRefused("Range", longs(0), longs(0), longs(0));
  }
}
