package dev.lss.backend.djl;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A class or a function of TorchScript code, while its file is read.
 *
 * @param name its name with all folders, such as {@code __torch__.torch.nn.modules.conv.Conv3d}
 * @param isClass whether it is a class, else a function, whose one body has the name {@link #BODY}
 * @param bodies the lines of its methods, heads included, by their names
 * @param attributes classes of this file that its attributes have, by the attributes' names
 * @param references other classes and functions of this file that it names
 */
record ScriptDefinition(
    String name,
    boolean isClass,
    Map<String, List<ScriptLine>> bodies,
    Map<String, String> attributes,
    Set<String> references) {

  /** Name of the body of a function. */
  static final String BODY = "";

  /** What the lines of a class that are in no method count as. */
  static final String ATTRIBUTES = " ";

  /**
   * Returns functions that a body gives short names, by these names; PyTorch writes {@code _0 =
   * __torch__.f} and calls {@code _0}. A name that the body gives to anything else is not among
   * them.
   *
   * @param isFunction whether a whole name is that of a function of this file
   */
  Map<String, Set<String>> shortNames(String body, Predicate<String> isFunction) {
    Map<String, Set<String>> names = new LinkedHashMap<>();
    Set<String> others = new HashSet<>();
    for (ScriptLine line : bodies.getOrDefault(body, List.of())) {
      int end = line.assigned();
      boolean isShort =
          end == 1 && line.is(2, ScriptProgram.ROOT) && line.size() == 3 + 2 * dots(line, 2);
      if (isShort && isFunction.test(ScriptProgram.path(line, 2))) {
        names
            .computeIfAbsent(line.text(0), name -> new LinkedHashSet<>())
            .add(ScriptProgram.path(line, 2));
      } else {
        int count = line.is(0, "def") ? line.size() : end;
        line.tokens().subList(0, count).forEach(token -> others.add(token.text()));
      }
    }
    names.keySet().removeAll(others);
    return names;
  }

  /** Returns what a method calls its own object; a text that is no name where there is none. */
  String self(String body) {
    List<ScriptLine> lines = bodies.getOrDefault(body, List.of());
    boolean isMethod = isClass && !lines.isEmpty() && lines.get(0).is(0, "def");
    if (isMethod && !(lines.get(0).isName(3) && lines.get(0).is(4, ":"))) {
      throw new IllegalArgumentException("has a method without an object in " + name);
    }
    return isMethod ? lines.get(0).text(3) : "";
  }

  private static int dots(ScriptLine line, int from) {
    return (int) ScriptProgram.path(line, from).chars().filter(c -> c == '.').count();
  }

  ScriptDefinition(String name, boolean isClass) {
    this(name, isClass, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashSet<>());
  }
}
