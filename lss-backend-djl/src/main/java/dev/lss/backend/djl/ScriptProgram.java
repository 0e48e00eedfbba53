package dev.lss.backend.djl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The code of a TorchScript file, all its classes and functions, checked name by name: it calls
 * itself and the operators in {@link ScriptOperators}, and nothing else. Every refusal is an {@link
 * IllegalArgumentException} in words that follow the file's name. Not thread-safe.
 */
final class ScriptProgram {

  /** Root of all names, and of the folder of code. */
  static final String ROOT = "__torch__";

  private static final int MAX_DEFINITIONS = 4096;

  /** A file of code: the folder of all code, then names of the language. */
  private static final Pattern PATH =
      Pattern.compile("code/(" + ROOT + "(?:/[A-Za-z_][A-Za-z0-9_]*)*)\\.py");

  private static final Pattern CONSTANT = Pattern.compile("c\\d{1,9}");

  /** Words in front of a bracket that is no call. */
  private static final Set<String> WORDS =
      Set.of("if", "else", "for", "in", "is", "not", "and", "or", "return");

  private static final Set<String> BASES = Set.of("Module", "NamedTuple");

  private final Map<String, ScriptDefinition> definitions = new LinkedHashMap<>();
  private final Map<String, List<ScriptLine>> files = new LinkedHashMap<>();
  private final Set<String> methods = new HashSet<>();

  /**
   * Adds a file.
   *
   * @param path its place in the archive, without the archive's own folder
   */
  void add(String path, List<ScriptLine> lines) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "has code in \"%s\", where PyTorch writes none".formatted(path));
    }
    files.put(path, lines);
    String module = matcher.group(1).replace('/', '.');
    ScriptDefinition definition = null;
    String body = null;
    for (ScriptLine line : lines) {
      if (line.depth() == 0) {
        boolean isClass = line.is(0, "class");
        if ((!isClass && !line.is(0, "def")) || !line.isName(1)) {
          throw new IllegalArgumentException(
              "has a line in %s that is in no class and no function".formatted(path));
        }
        definition = new ScriptDefinition(module + "." + line.text(1), isClass);
        body = isClass ? null : ScriptDefinition.BODY; // the head of a class is looked at here
        define(definition, line);
      } else if (definition != null && definition.isClass() && line.depth() == 1) {
        body = line.is(0, "def") && line.isName(1) ? line.text(1) : ScriptDefinition.ATTRIBUTES;
        if (body.equals(ScriptDefinition.ATTRIBUTES)) {
          addAttribute(definition, line);
        } else {
          methods.add(body);
          if (definition.bodies().containsKey(body)) {
            throw new IllegalArgumentException(
                "defines %s.%s twice".formatted(definition.name(), body));
          }
        }
      }
      if (definition != null && body != null) {
        definition.bodies().computeIfAbsent(body, name -> new ArrayList<>()).add(line);
      }
    }
  }

  private void define(ScriptDefinition definition, ScriptLine head) {
    if (definitions.put(definition.name(), definition) != null) {
      throw new IllegalArgumentException("defines %s twice".formatted(definition.name()));
    }
    if (definitions.size() > MAX_DEFINITIONS) {
      throw new IllegalArgumentException(
          "has more than %s classes and functions".formatted(MAX_DEFINITIONS));
    }
    boolean isPlain =
        !definition.isClass()
            || (head.size() == 3 && head.is(2, ":"))
            || (head.size() == 6
                && head.is(2, "(")
                && BASES.contains(head.text(3))
                && head.is(4, ")")
                && head.is(5, ":"));
    if (!isPlain) {
      throw new IllegalArgumentException(
          "has a class %s that is no module".formatted(definition.name()));
    }
  }

  /** {@code name : type}, or {@code __annotations__["name"] = type}. */
  private void addAttribute(ScriptDefinition definition, ScriptLine line) {
    String first = line.text(0);
    if (first.contains("hooks")) {
      throw new IllegalArgumentException("has hooks, which run unasked");
    }
    int type = 2;
    String name = first;
    if (first.equals("__annotations__") && line.is(1, "[") && line.size() > 5) {
      name = line.tokens().get(2).quoted();
      type = 5;
    }
    if (line.is(type, ROOT)) {
      definition.attributes().put(name, path(line, type));
    }
  }

  /** Returns the name with dots that begins at a token. */
  static String path(ScriptLine line, int from) {
    StringBuilder path = new StringBuilder(line.text(from));
    for (int at = from + 1; line.is(at, ".") && line.isName(at + 1); at += 2) {
      path.append('.').append(line.text(at + 1));
    }
    return path.toString();
  }

  /** Returns all files, by their places in the archive. */
  Map<String, List<ScriptLine>> files() {
    return files;
  }

  /** Returns whether there is a class of this name. */
  boolean hasClass(String name) {
    ScriptDefinition definition = definitions.get(name);
    return definition != null && definition.isClass();
  }

  private boolean hasFunction(String name) {
    ScriptDefinition definition = definitions.get(name);
    return definition != null && !definition.isClass();
  }

  /** Checks every line of every file. */
  void check() {
    for (ScriptDefinition definition : definitions.values()) {
      definition.attributes().values().forEach(type -> refer(definition, type));
    }
    for (ScriptDefinition definition : definitions.values()) {
      for (Map.Entry<String, List<ScriptLine>> body : definition.bodies().entrySet()) {
        Set<String> shortNames = definition.shortNames(body.getKey(), this::hasFunction).keySet();
        for (ScriptLine line : body.getValue()) {
          ScriptNumbers.check(line);
          check(definition, line, shortNames);
        }
      }
    }
    new ScriptCalls(definitions).check();
  }

  private void check(ScriptDefinition in, ScriptLine line, Set<String> shortNames) {
    boolean isHead = line.is(0, "def") || line.is(0, "class");
    for (int at = isHead ? 2 : 0; at < line.size(); at++) {
      ScriptToken token = line.tokens().get(at);
      boolean called = line.is(at + 1, "(");
      if (token.isName() && line.is(at - 1, ".")) {
        if (called && !methods.contains(token.text()) && !ScriptOperators.isAten(token.text())) {
          throw uses(token.text());
        }
      } else if (token.isName()) {
        at = root(in, line, at, called && !shortNames.contains(token.text()));
      } else if (called && isValue(token)) {
        throw new IllegalArgumentException("calls something that has no name");
      }
    }
  }

  private static boolean isValue(ScriptToken token) {
    return token.kind() != ScriptToken.Kind.SIGN || token.is(")") || token.is("]") || token.is("}");
  }

  /** Checks a name that follows no dot; returns the last token of what was read. */
  private int root(ScriptDefinition in, ScriptLine line, int at, boolean called) {
    String name = line.text(at);
    switch (name) {
      case "class", "def" -> throw new IllegalArgumentException("defines something inside a line");
      case "torch" -> {
        requireCall(line, at + 2);
        if (!line.is(at + 1, ".") || !ScriptOperators.isAten(line.text(at + 2))) {
          throw uses(path(line, at));
        }
        return at + 2;
      }
      case "ops" -> {
        requireCall(line, at + 4);
        if (!line.is(at + 1, ".") || !line.isName(at + 2)) {
          throw uses("ops");
        }
        requireOperator(line.text(at + 2), line.text(at + 4));
        return at + 4;
      }
      case "CONSTANTS" -> {
        if (!line.isName(at + 2) || !CONSTANT.matcher(line.text(at + 2)).matches()) {
          throw uses(path(line, at));
        }
        return at + 2;
      }
      case ROOT -> {
        String path = path(line, at);
        if (!isSelf(line, at)) {
          refer(in, path);
        } else if (!path.equals(in.name())) {
          throw new IllegalArgumentException("has a method of another class in " + in.name());
        }
        return at + 2 * (int) path.chars().filter(c -> c == '.').count();
      }
      default -> {
        if (called && !WORDS.contains(name) && !ScriptOperators.isBuiltin(name)) {
          throw uses(name);
        }
        return at;
      }
    }
  }

  /** {@code self: __torch__.Net} in the head of a method, whatever the name of self. */
  private static boolean isSelf(ScriptLine line, int at) {
    return line.is(0, "def") && line.depth() == 1 && at == 5 && line.is(4, ":");
  }

  private static void requireCall(ScriptLine line, int at) {
    if (!line.isName(at) || !line.is(at - 1, ".") || !line.is(at + 1, "(")) {
      throw new IllegalArgumentException(
          "names an operator without calling it: "
              + path(line, Math.max(0, Math.min(at, line.size() - 1) - 2)));
    }
  }

  private static void requireOperator(String namespace, String name) {
    boolean known =
        switch (namespace) {
          case "aten" -> ScriptOperators.isAten(name);
          case "prim" -> ScriptOperators.isPrim(name);
          default ->
              throw new IllegalArgumentException(
                  "uses the custom operator %s.%s, which is none of PyTorch's own for networks"
                      .formatted(namespace, name));
        };
    if (!known) {
      throw uses(namespace + "." + name);
    }
  }

  private void refer(ScriptDefinition from, String path) {
    if (!definitions.containsKey(path)) {
      throw missing(path);
    }
    from.references().add(path);
  }

  private static IllegalArgumentException missing(String path) {
    return new IllegalArgumentException(
        path.startsWith(ROOT + ".torch.classes")
            ? "uses the custom class %s, which PyTorch does not have".formatted(path)
            : "uses %s, which its code does not define".formatted(path));
  }

  private static IllegalArgumentException uses(String name) {
    return new IllegalArgumentException(
        "uses \"%s\", which is not on the list of operators that networks need".formatted(name));
  }
}
