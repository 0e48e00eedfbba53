package dev.lss.backend.djl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What the code of a TorchScript file may call beside itself. Immutable. */
final class ScriptOperators {

  /** Functions of the language that are written without a namespace. */
  private static final Set<String> BUILTINS =
      Set.of(
          "annotate",
          "unchecked_cast",
          "uninitialized",
          "getattr",
          "hasattr",
          "isinstance",
          "range",
          "enumerate",
          "zip",
          "len",
          "int",
          "float",
          "bool",
          "str",
          "list",
          "dict",
          "tuple",
          "min",
          "max",
          "abs",
          "round",
          "sum",
          "all",
          "any",
          "sorted");

  /** Operators of ops.prim: conversions and questions. */
  private static final Set<String> PRIM =
      Set.of(
          "NumToTensor",
          "RaiseException",
          "TupleIndex",
          "TupleUnpack",
          "abs",
          "data",
          "device",
          "dtype",
          "is_cpu",
          "is_cuda",
          "is_mkldnn",
          "is_quantized",
          "itemsize",
          "layout",
          "max",
          "min",
          "ndim",
          "rangelist",
          "requires_grad",
          "shape",
          "tolist",
          "type",
          "unchecked_cast",
          "unchecked_unwrap_optional",
          "index",
          "name",
          "ImplicitTensorToNum");

  private static final Set<String> ATEN = read();

  private ScriptOperators() {}

  private static Set<String> read() {
    try (InputStream in = ScriptOperators.class.getResourceAsStream("torchscript-operators.txt")) {
      if (in == null) {
        throw new IllegalStateException("torchscript-operators.txt is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Arrays.stream(line.split(" ", -1)))
          .filter(name -> !name.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether a name without a namespace is a function of the language. */
  static boolean isBuiltin(String name) {
    return BUILTINS.contains(name);
  }

  /** Returns whether torch.NAME may be called; NAME_ works in place. */
  static boolean isAten(String name) {
    return ATEN.contains(name)
        || (name.endsWith("_") && ATEN.contains(name.substring(0, name.length() - 1)));
  }

  /** Returns whether ops.prim.NAME may be called. */
  static boolean isPrim(String name) {
    return PRIM.contains(name);
  }
}
