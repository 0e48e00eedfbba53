package dev.lss.backend.djl;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the code of a TorchScript file grows to when its calls are put in place of their
 * names, as PyTorch does before it runs: functions that call functions twice double with every
 * level, and PyTorch itself has no bound. Classes that name each other in a circle, methods that
 * call themselves and objects that hand themselves on are refused; so a method can only call
 * methods of its own object and of classes below its own. What a loop repeats counts as often as
 * its range says, where that is a number. Where the class of an object is not seen, the dearest
 * method of that name in any class below counts. Not thread-safe.
 */
final class ScriptCalls {

  private static final int MAX_DEPTH = 64;

  /** Tokens of all code once it is expanded; a large network has less than 100,000. */
  private static final long MAX_TOKENS = 5_000_000;

  /** Tokens in front of each other on the way to the deepest call; see {@link LoadedModule}. */
  private static final int MAX_NESTING = 4000;

  private static final Size UNDER_WAY = new Size(0, 0);

  private final Map<String, ScriptDefinition> definitions;
  private final Map<String, Integer> heights = new HashMap<>();
  private final Map<String, Size> sizes = new HashMap<>();
  private final Map<String, Set<String>> below = new HashMap<>();

  /** The dearest methods of classes below one, by its name and theirs. */
  private final Map<String, Size> unseen = new HashMap<>();

  /** What a body grows to: all its tokens, and how deep it nests. */
  private record Size(long tokens, int nesting) {
    static final Size ONE = new Size(1, 1);

    static Size largest(Size a, Size b) {
      return new Size(Math.max(a.tokens, b.tokens), Math.max(a.nesting, b.nesting));
    }
  }

  ScriptCalls(Map<String, ScriptDefinition> definitions) {
    this.definitions = definitions;
  }

  /**
   * Checks all classes and functions.
   *
   * @throws IllegalArgumentException in words that follow the file's name
   */
  void check() {
    for (ScriptDefinition definition : definitions.values()) {
      height(definition.name(), 0);
    }
    for (ScriptDefinition definition : definitions.values()) {
      for (String body : definition.bodies().keySet()) {
        Size size = size(definition, body, 0);
        if (size.tokens() > MAX_TOKENS || size.nesting() > MAX_NESTING) {
          throw new IllegalArgumentException(
              "calls itself so often or so deep that its code grows without bound (%s)"
                  .formatted(definition.name()));
        }
      }
    }
  }

  private int height(String name, int depth) {
    Integer known = heights.get(name);
    if (known != null && known < 0) {
      throw circle(name);
    }
    if (known != null && known + depth <= MAX_DEPTH) {
      return known;
    }
    if (known != null || depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "has classes and functions that call each other more than %s deep".formatted(MAX_DEPTH));
    }
    heights.put(name, -1);
    int height = 0;
    for (String reference : definition(name).references()) {
      height = Math.max(height, 1 + height(reference, depth + 1));
    }
    heights.put(name, height);
    return height;
  }

  private static IllegalArgumentException circle(String name) {
    return new IllegalArgumentException("has code that calls itself (%s)".formatted(name));
  }

  private ScriptDefinition definition(String name) {
    ScriptDefinition definition = definitions.get(name);
    if (definition == null) {
      throw new IllegalArgumentException("does not define " + name);
    }
    return definition;
  }

  private Size size(ScriptDefinition definition, String body, int depth) {
    String key = definition.name() + " " + body;
    Size known = sizes.get(key);
    if ((known != null && known.tokens() == 0) || depth > 2 * MAX_DEPTH) {
      throw circle(key);
    }
    if (known != null) {
      return known;
    }
    sizes.put(key, UNDER_WAY);
    long tokens = 1;
    int nesting = 0;
    Map<String, String> locals = new HashMap<>();
    Map<String, Set<String>> shortNames =
        definition.shortNames(body, name -> definitions.containsKey(name));
    String self = definition.self(body);
    long[] repeats = new long[ScriptLexer.MAX_NESTING + 1];
    Arrays.fill(repeats, 1);
    for (ScriptLine line : definition.bodies().getOrDefault(body, List.of())) {
      ScriptTypes types = new ScriptTypes(definitions, definition, self, locals, line);
      Size called = new Size(0, 0);
      for (int at = 0; at + 1 < line.size(); at++) {
        if (line.isName(at) && line.is(at + 1, "(") && !(at == 1 && line.is(0, "def"))) {
          Size callee =
              line.is(at - 1, ".")
                  ? callee(definition, types, line, at, depth)
                  : dearest(
                      shortNames.getOrDefault(line.text(at), Set.of()),
                      ScriptDefinition.BODY,
                      depth);
          called =
              new Size(
                  Math.min(called.tokens() + callee.tokens(), MAX_TOKENS),
                  Math.max(called.nesting(), callee.nesting()));
        }
      }
      long times = repeats[line.depth()];
      repeats[line.depth() + 1] = Math.min(times * ScriptNumbers.repeats(line), MAX_TOKENS);
      tokens = Math.min(tokens + times * (line.size() + called.tokens()), MAX_TOKENS + 1);
      nesting = Math.max(nesting, Math.min(line.nesting() + called.nesting(), MAX_NESTING + 1));
      types.learn();
    }
    Size size = new Size(tokens, nesting);
    sizes.put(key, size);
    return size;
  }

  private Size callee(
      ScriptDefinition from, ScriptTypes types, ScriptLine line, int at, int depth) {
    String name = line.text(at);
    int start = at;
    while (line.is(start - 1, ".") && line.isName(start - 2)) {
      start -= 2;
    }
    if (line.is(start, ScriptProgram.ROOT)) {
      ScriptDefinition target = definition(ScriptProgram.path(line, start));
      return size(target, target.isClass() ? "__init__" : ScriptDefinition.BODY, depth + 1);
    }
    if (line.is(start, "torch") || line.is(start, "ops")) {
      return Size.ONE;
    }
    String type = types.before(at - 1);
    if (type != null) {
      return size(definition(type), name, depth + 1);
    }
    String key = from.name() + " " + name;
    Size known = unseen.get(key);
    if (known == null) {
      known = dearest(below(from.name()), name, depth);
      unseen.put(key, known);
    }
    return known;
  }

  private Size dearest(Set<String> targets, String body, int depth) {
    Size dearest = Size.ONE;
    for (String target : targets) {
      if (definition(target).bodies().containsKey(body)) {
        dearest = Size.largest(dearest, size(definition(target), body, depth + 1));
      }
    }
    return dearest;
  }

  private Set<String> below(String name) {
    Set<String> known = below.get(name);
    if (known == null) {
      known = new HashSet<>();
      for (String reference : definition(name).references()) {
        known.add(reference);
        known.addAll(below(reference));
      }
      below.put(name, known);
    }
    return known;
  }

  /** The classes of the objects that a line names, as far as they can be seen. */
  private static final class ScriptTypes {

    private final Map<String, ScriptDefinition> definitions;
    private final ScriptDefinition in;
    private final String self;
    private final Map<String, String> locals;
    private final ScriptLine line;

    ScriptTypes(
        Map<String, ScriptDefinition> definitions,
        ScriptDefinition in,
        String self,
        Map<String, String> locals,
        ScriptLine line) {
      this.definitions = definitions;
      this.in = in;
      this.self = self;
      this.locals = locals;
      this.line = line;
      if (line.is(0, "def")) {
        readParameters();
      } else {
        requireSelfStays();
      }
    }

    private void readParameters() {
      for (int at = 3; at + 2 < line.size(); at++) {
        if (line.isName(at) && line.is(at + 1, ":") && line.is(at + 2, ScriptProgram.ROOT)) {
          locals.put(line.text(at), ScriptProgram.path(line, at + 2));
        }
      }
    }

    /** An object that is handed on could be called by what it calls. */
    private void requireSelfStays() {
      for (int at = 0; at < line.size(); at++) {
        boolean stays =
            !line.is(at, self)
                || line.is(at + 1, ".")
                || (line.is(at - 1, "(") && line.is(at + 1, ")") && line.is(at + 2, "."))
                || (line.is(at - 2, "getattr") && line.is(at + 1, ","));
        if (!stays) {
          throw new IllegalArgumentException("hands an object on to itself in " + in.name());
        }
      }
    }

    /** Remembers {@code name = object}; what a block or a loop sets may be of either class. */
    void learn() {
      int end = line.assigned();
      for (int at = 0; at < end; at++) {
        locals.remove(line.text(at));
      }
      boolean isPlain = line.depth() == (in.isClass() ? 2 : 1) && end == 1 && line.isName(0);
      String type = isPlain ? of(2, line.size()) : null;
      if (type != null) {
        locals.put(line.text(0), type);
      }
    }

    /** Returns the class of what ends before a token. */
    @Nullable String before(int end) {
      int start = end;
      do {
        start--;
        if (line.is(start, ")")) {
          start = opening(start);
          if (line.is(start - 1, "getattr")) {
            start--;
          }
        }
        start--;
      } while (line.is(start, "."));
      return of(start + 1, end);
    }

    private int opening(int at) {
      int open = 0;
      int from = at;
      do {
        open += line.is(from, ")") ? 1 : line.is(from, "(") ? -1 : 0;
        from--;
      } while (from >= 0 && open > 0);
      return from + 1;
    }

    private int closing(int at) {
      int open = 0;
      int to = at;
      do {
        open += line.is(to, "(") ? 1 : line.is(to, ")") ? -1 : 0;
        to++;
      } while (to < line.size() && open > 0);
      return to - 1;
    }

    /** Returns the class of the object that these tokens name, or null. */
    private @Nullable String of(int from, int to) {
      if (from >= to) {
        return null;
      }
      String type;
      int at;
      if (line.is(from, "(")) {
        at = closing(from) + 1;
        type = at <= to ? of(from + 1, at - 1) : null;
      } else if (line.is(from, "getattr") && line.is(from + 1, "(")) {
        at = closing(from + 1) + 1;
        type = at <= to ? attributeByText(from + 2, at - 1) : null;
      } else if (line.isName(from)) {
        at = from + 1;
        type = line.is(from, self) ? in.name() : locals.get(line.text(from));
      } else {
        return null;
      }
      while (at + 1 < to && line.is(at, ".") && line.isName(at + 1)) {
        type = attribute(type, line.text(at + 1));
        at += 2;
      }
      return at == to ? type : null;
    }

    private @Nullable String attributeByText(int from, int to) {
      boolean plain =
          to - from >= 3
              && line.is(to - 2, ",")
              && line.tokens().get(to - 1).kind() == ScriptToken.Kind.TEXT;
      return plain ? attribute(of(from, to - 2), line.tokens().get(to - 1).quoted()) : null;
    }

    private @Nullable String attribute(@Nullable String type, String name) {
      ScriptDefinition definition = type == null ? null : definitions.get(type);
      return definition == null ? null : definition.attributes().get(name);
    }
  }
}
