package dev.lss.backend.djl;

import static dev.lss.backend.djl.ScriptZip.forward;
import static dev.lss.backend.djl.ScriptZip.module;
import static dev.lss.backend.djl.ScriptZip.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.spi.ModelZip;
import dev.lss.testkit.RealData;
import dev.lss.testkit.SampleNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a TorchScript file may hold, and that what was understood of it is what PyTorch gets. */
@Timeout(20)
class TorchScriptFileTest {

  private static byte[] checked(byte[] file) throws IOException {
    return TorchScriptFile.checked(ScriptZip.model(file)).read().readAllBytes();
  }

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> checked(file))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("net.pt " + message)
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  private static void assertRefused(ScriptZip zip, String message) {
    assertRefused(zip.bytes(), message);
  }

  private static void assertBodyRefused(String body, String message) {
    assertRefused(new ScriptZip().withCode(forward(body)), message);
  }

  private static byte[] archive() throws IOException {
    SampleNetwork unet = SampleNetwork.uNet(3, 4, 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NetworkToTorchScript.translate(unet.network(), unet.weights(), Target.ANY, out);
    return out.toByteArray();
  }

  private static String code(byte[] file) throws IOException {
    ModelZip zip = ModelZip.read(ByteBuffer.wrap(file));
    return StandardCharsets.UTF_8
        .decode(zip.content("network/code/__torch__.py", Integer.MAX_VALUE))
        .toString();
  }

  @Test
  void a_translated_network_is_written_again_and_once_more_gives_the_same_bytes()
      throws IOException {
    byte[] once = checked(archive());

    assertThat(checked(once)).isEqualTo(once);
    assertThat(ModelZip.read(ByteBuffer.wrap(once)).names())
        .containsAll(ModelZip.read(ByteBuffer.wrap(archive())).names());
  }

  @Test
  void only_what_was_understood_is_written() throws IOException {
    String body = "# a note\ny = torch.add(x,   'it''s', alpha=1)  # another\nreturn y";

    byte[] written =
        checked(
            new ScriptZip()
                .withCode(forward(body.replace("''", "\\'")))
                .with("net/extra/notes.txt", utf8("notes"))
                .with("net/code/__torch__.py.debug_pkl", utf8("lines"))
                .with("net/data/7", new byte[9])
                .bytes());

    assertThat(code(written))
        .endsWith(
            """
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                y = torch.add(x, "it's", alpha=1)
                return y
            """)
        .doesNotContain("#");
    assertThat(ModelZip.read(ByteBuffer.wrap(written)).names())
        .containsExactly(
            "network/data.pkl",
            "network/code/__torch__.py",
            "network/constants.pkl",
            "network/version",
            "network/byteorder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pt_save_caseCODE", "pt_save_casePY", "pt_deepparen"})
  void files_that_once_got_past_the_check_are_refused_and_run_nothing(String name)
      throws IOException {
    byte[] file = Files.readAllBytes(RealData.path("../cases/models/" + name + "/m.pt"));

    assertRefused(file, "");
    assertThat(Path.of("").toAbsolutePath().toFile().list())
        .noneMatch(entry -> entry.startsWith("written-by-a-model"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "net/CODE/__torch__.py",
        "net/code/__torch__.PY",
        "net/Code/x.py",
        "net//code/__torch__.py",
        "net/./code/__torch__.py",
        "net/code/../code/__torch__.py",
        "/net/code/__torch__.py",
        "net\\code\\__torch__.py",
        "net/code/__torch__.py.",
        "net/code /__torch__.py",
        "net/code/__torch__.py\0x",
        "net/code/__torch__.\u03c1y",
        "net/code/__torch__/\u212a.py",
        "net/\uff43ode/__torch__.py",
        "net/c\u200bode/__torch__.py",
        "net/code/other.py",
        "net/code/__torch__/a-b.py",
        "other/code/__torch__.py",
        "code",
        "net/libs/x.so",
        "net/model.json",
        "net/data.pkl/x"
      })
  void a_name_that_pytorch_does_not_write_is_refused(String name) {
    assertRefused(new ScriptZip().with(name, utf8("class Net(Module):\n  x : int\n")), "");
  }

  @Test
  void an_entry_twice_and_one_with_two_names_are_refused() {
    byte[] twice = new ScriptZip().with("net/code/__torch__.pz", utf8("")).bytes();
    byte[] other = new ScriptZip().bytes();

    replaceAll(twice, "__torch__.pz", "__torch__.py", Integer.MAX_VALUE);
    replaceAll(other, "net/code/__torch__.py", "net/code/__torch__.px", 1);

    assertRefused(
        twice, "is no TorchScript file: it has the entry \"net/code/__torch__.py\" twice");
    assertRefused(
        other,
        "is no TorchScript file: its entry \"net/code/__torch__.py\" has another header in front");
  }

  private static void replaceAll(byte[] in, String from, String to, int times) {
    int left = times;
    for (int at = 0; at + from.length() <= in.length && left > 0; at++) {
      if (Arrays.equals(in, at, at + from.length(), utf8(from), 0, from.length())) {
        System.arraycopy(utf8(to), 0, in, at, to.length());
        left--;
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y = ops.torchvision.nms(x, x, 0.5) | uses the custom operator torchvision.nms",
        "y = ops.quantized.add(x, x) | uses the custom operator quantized.add",
        "y = ops.aten.save(x, \"out.pt\") | uses \"aten.save\"",
        "y = ops.aten.from_file(\"a\") | uses \"aten.from_file\"",
        "y = ops.prim.Print(x) | uses \"prim.Print\"",
        "y = torch.from_file('/etc/passwd', False, 9) | uses \"torch.from_file\"",
        "_0 = torch.save(x, 'out.pt') | uses \"torch.save\"",
        "_0 = torch.load('out.pt') | uses \"torch.load\"",
        "_0 = torch.ops.aten.save(x, 'out.pt') | names an operator without calling it: torch.ops",
        "_0 = ops . aten . save (x, 'out.pt') | uses \"aten.save\"",
        "_0 = x.save('out.pt') | uses \"save\"",
        "_0 = (x).save('out.pt') | uses \"save\"",
        "f = torch.save | names an operator without calling it: torch.save",
        "f = getattr(torch, \"save\") | names an operator without calling it: torch",
        "_0 = getattr(x, \"save\")('out.pt') | calls something that has no name",
        "_0 = (x)('out.pt') | calls something that has no name",
        "f = x | uses \"f\"",
        "print(x) | uses \"print\"",
        "_0 = open('a') | uses \"open\"",
        "m = __torch__.torch.classes.acme.Net(x) | uses the custom class",
        "m = __torch__.Other(x) | uses __torch__.Other, which its code does not define",
        "y = CONSTANTS.x | uses \"CONSTANTS.x\"",
        "while True: | uses \"while\"",
        "with x: | uses \"with\"",
        "y = lambda z: z | uses \"lambda\"",
        "import os | uses \"import\"",
        "y = '''a''' | has a text in triple quotes",
        "y = 'a | has a text without an end",
        "y = x[ | ends inside brackets",
        "y = x] | closes a bracket that is not open",
        "y = 0x10 | has a number that is none",
        "y = x; z = x | has the byte 0x3b",
        "@property | has the byte 0x40",
        "y = '\\q' | has an escape that PyTorch does not write",
      })
  void code_that_reaches_out_or_is_none_is_refused_by_name(String line, String message) {
    assertBodyRefused(line + "\nreturn f(x)", message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"y = self", "y = torch.cat([self, x])", "self = x"})
  void an_object_does_not_hand_itself_on(String line) {
    assertBodyRefused(line + "\nreturn x", "hands an object on to itself in __torch__.Net");
  }

  @Test
  void a_short_name_that_may_be_something_else_than_a_function_is_not_called() {
    String function = "def same(x: Tensor) -> Tensor:\n  return x\n";

    assertRefused(
        new ScriptZip()
            .withCode(
                function
                    + forward(
                        """
                        f = __torch__.same
                        if True:
                          f = getattr(x, "save")
                        return f(x, "out.pt")
                        """)),
        "uses \"f\"");
  }

  @Test
  void pytorch_s_own_operators_functions_and_short_names_pass() throws IOException {
    String function = "def same(x: Tensor) -> Tensor:\n  return x\n";
    String body =
        """
        _0 = __torch__.same
        n = ops.prim.NumToTensor(torch.size(x, 0))
        for i in range(2):
          x = torch.add_(x, annotate(List[int], [1, -2])[i])
        if not bool(n):
          ops.prim.RaiseException("none")
        return torch.relu(__torch__.same(_0(x, )))
        """;

    assertThat(code(checked(new ScriptZip().withCode(function + forward(body)).bytes())))
        .contains("return torch.relu(__torch__.same(_0(x, )))");
  }

  @ParameterizedTest
  @CsvSource({
    "'not ',",
    "'- ',",
    "'x ** ',",
    "'x + ',",
    "'x if x else ',",
    "'',.a",
    "'',[0]",
    "(,)"
  })
  void expressions_are_not_nested_without_bound(String before, String after) {
    String deep = before.repeat(300) + "x" + (after == null ? "" : after).repeat(300);

    assertBodyRefused("return " + deep, "has ");
  }

  @Test
  void brackets_do_not_hide_what_is_nested_in_front_of_them() {
    String deep = ("- ".repeat(20) + "(").repeat(20) + "x" + ")".repeat(20);

    assertBodyRefused("return " + deep, "has an expression of more than 200 parts");
  }

  @Test
  void blocks_are_not_nested_without_bound() {
    StringBuilder body = new StringBuilder();
    for (int n = 0; n < 200; n++) {
      body.append(" ".repeat(n)).append("if x:\n");
    }

    assertBodyRefused(body.toString(), "has blocks more than 32 deep");
  }

  private static String functions(int count, String call, String last) {
    StringBuilder code = new StringBuilder();
    for (int n = 0; n < count; n++) {
      String next = n + 1 < count ? call.replace("NEXT", "__torch__.f" + (n + 1)) : last;
      code.append("def f%d(x: Tensor) -> Tensor:\n  return %s\n".formatted(n, next));
    }
    return code.toString();
  }

  private static void assertFunctionsRefused(int count, String call, String last, String message) {
    assertRefused(
        new ScriptZip().withCode(functions(count, call, last) + forward("return __torch__.f0(x)")),
        message);
  }

  @Test
  void functions_that_double_call_themselves_or_call_deep_are_refused() {
    assertFunctionsRefused(40, "NEXT(NEXT(x))", "x", "calls itself so often");
    assertFunctionsRefused(3, "NEXT(x)", "__torch__.f0(x)", "has code that calls itself");
    assertFunctionsRefused(200, "NEXT(x)", "x", "has classes and functions that call each other");
    assertBodyRefused("return (self).forward(x)", "has code that calls itself");
  }

  /**
   * Classes C0 to Cn, each with an object of the next, whose forward calls the next one's twice.
   */
  private static String chain(int count, String call) {
    StringBuilder code = new StringBuilder();
    for (int n = 0; n < count; n++) {
      boolean last = n + 1 == count;
      code.append("class C%d(Module):\n  __parameters__ = []\n  __buffers__ = []\n".formatted(n));
      code.append(last ? "" : "  next : __torch__.C%d\n".formatted(n + 1));
      code.append("  def forward(self: __torch__.C%d,\n    x: Tensor) -> Tensor:\n".formatted(n));
      code.append(last ? "    return x\n" : call.indent(4));
    }
    return code.toString();
  }

  @Test
  void modules_that_call_the_next_twice_are_refused_however_the_object_is_named() {
    for (String object :
        List.of("(self.next)", "self.next", "(getattr(self, \"next\"))", "[self.next][0]")) {
      String call = "return %1$s.forward(%1$s.forward(x, ), )".formatted(object);

      assertRefused(
          new ScriptZip().withCode(chain(40, call) + forward("return x")), "calls itself");
    }
    String alias = "n = self.next\ny = (n).forward(x, )\nreturn (n).forward(y, )";
    assertRefused(new ScriptZip().withCode(chain(40, alias) + forward("return x")), "calls itself");
  }

  private static ScriptZip withAttribute(Consumer<PickleWriter> value) {
    PickleWriter pickle = module().emptyDict().mark().string("a");
    value.accept(pickle);
    return new ScriptZip().with("net/data.pkl", pickle.setItems().build());
  }

  @Test
  void pickles_are_not_nested_without_bound() {
    assertRefused(
        withAttribute(
            pickle -> {
              for (int n = 0; n < 100_000; n++) {
                pickle.emptyList().mark();
              }
              for (int n = 0; n < 100_000; n++) {
                pickle.appends();
              }
            }),
        "has a pickle that is nested more than 64 deep");
    assertRefused(
        withAttribute(pickle -> pickle.emptyList().remember(0).mark().recall(0).appends()),
        "has a pickle that is nested more than 64 deep");
    assertRefused(
        withAttribute(
            pickle -> {
              pickle.emptyTuple().remember(0);
              for (int n = 0; n < 40; n++) {
                pickle.mark().recall(n).recall(n).tuple().remember(n + 1);
              }
            }),
        "has a pickle");
  }

  @Test
  void a_pickle_names_only_classes_of_the_code_and_makers_of_tensors() {
    assertRefused(
        withAttribute(pickle -> pickle.global("os", "system").mark().string("ls").tuple().reduce()),
        "has a pickle that names \"os system\", which no network needs");
    assertRefused(
        withAttribute(pickle -> pickle.global("__torch__", "Other").emptyTuple().newObject()),
        "has a pickle that names \"__torch__ Other\", which its code does not define");
    assertRefused(
        withAttribute(pickle -> pickle.global("torch", "FloatStorage").emptyTuple().reduce()),
        "has a pickle that calls torch FloatStorage");
    assertRefused(
        new ScriptZip().with("net/data.pkl", utf8("cos\nsystem\n(S'ls'\ntR.")),
        "has a pickle that names \"os system\"");
    assertRefused(
        new ScriptZip().with("net/data.pkl", utf8("(S'ls'\n.")),
        "has a pickle with the instruction 0x53");
    assertRefused(
        withAttribute(
            pickle ->
                pickle
                    .global("torch.jit._pickle", "restore_type_tag")
                    .mark()
                    .emptyList()
                    .string("List[".repeat(1000) + "int" + "]".repeat(1000))
                    .tuple()
                    .reduce()),
        "has a pickle with a type that PyTorch does not write");
  }

  /** A tensor over a storage of four floats. */
  private static ScriptZip withTensor(
      String type, int numbers, long offset, List<Integer> sizes, List<Integer> strides) {
    return withAttribute(
            pickle ->
                pickle
                    .global("torch._utils", "_rebuild_tensor_v2")
                    .mark()
                    .mark()
                    .string("storage")
                    .global("torch", type)
                    .string("0")
                    .string("cpu")
                    .integer(numbers)
                    .tuple()
                    .persistentId()
                    .integer(offset)
                    .tuple(sizes)
                    .tuple(strides)
                    .bool(false)
                    .global("collections", "OrderedDict")
                    .emptyTuple()
                    .reduce()
                    .tuple()
                    .reduce())
        .with("net/data/0", new byte[16]);
  }

  @Test
  void a_tensor_lies_in_its_numbers_and_these_in_their_entry() throws IOException {
    int max = Integer.MAX_VALUE;

    assertThat(checked(withTensor("FloatStorage", 4, 0, List.of(2, 2), List.of(2, 1)).bytes()))
        .isNotEmpty();
    for (ScriptZip beyond :
        List.of(
            withTensor("FloatStorage", 4, 1, List.of(4), List.of(1)),
            withTensor("FloatStorage", 4, -1, List.of(4), List.of(1)),
            withTensor("FloatStorage", 4, 0, List.of(2), List.of(-1)),
            withTensor("FloatStorage", 4, 0, List.of(-1), List.of(1)),
            withTensor("FloatStorage", 4, 0, List.of(2, 2), List.of(2)),
            withTensor("FloatStorage", 4, 0, List.of(max, max), List.of(max, max)),
            withTensor("FloatStorage", 4, 5, List.of(0), List.of(1)),
            withTensor("FloatStorage", 4, 1L << 62, List.of(max, 2), List.of(max, 1)))) {
      assertRefused(beyond, "has a tensor that does not lie in its 4 numbers");
    }
    assertRefused(withTensor("FloatStorage", 5, 0, List.of(1), List.of(1)), "has 5 numbers of");
    assertRefused(withTensor("DoubleStorage", 4, 0, List.of(1), List.of(1)), "has 4 numbers of");
    assertRefused(
        withTensor("FloatStorage", 4, 0, List.of(1), List.of(1)).without("net/data/0"),
        "has 4 numbers of");
  }

  @Test
  void a_checkpoint_is_refused_with_a_remedy() {
    assertRefused(
        new ScriptZip().without(ScriptZip.CODE),
        "holds no code, only weights: write the model with");
  }

  @Test
  void what_is_no_whole_zip_is_refused() throws IOException {
    byte[] archive = archive();
    byte[] wrongStart = archive.clone();
    Arrays.fill(wrongStart, wrongStart.length - 6, wrongStart.length - 2, (byte) 0x7f);

    assertRefused(new byte[0], "is no TorchScript file");
    assertRefused(new byte[] {1, 2, 3}, "is no TorchScript file");
    assertRefused(Arrays.copyOf(archive, archive.length / 2), "is no TorchScript file");
    assertRefused(wrongStart, "is no TorchScript file: its zip is damaged");
  }

  @Test
  void code_that_inflates_without_bound_is_refused() {
    assertRefused(
        new ScriptZip().withCode(" ".repeat(64 << 20)), "has more than 4194304 bytes of code");
    assertRefused(
        new ScriptZip().with("net/data/0", new byte[64 << 20]),
        "has numbers that are packed, which PyTorch never does");
  }
}
