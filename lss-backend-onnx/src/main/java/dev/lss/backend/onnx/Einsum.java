package dev.lss.backend.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A product of tensors in the notation of Einstein, such as {@code bhid,bhjd->bhij}: letters name
 * axes, and axes that the result lacks are summed over. Without an ellipsis, and with an arrow.
 *
 * @param result what comes out
 * @param products how many products are added up
 */
record Einsum(KnownTensor result, double products) {

  static Einsum of(KnownNode node) {
    String equation = node.text("equation", "").replace(" ", "");
    if (!equation.matches("[A-Za-z]*(,[A-Za-z]*)*->[A-Za-z]*")) {
      throw new IllegalArgumentException(
          "its equation is \"%s\"; only letters and an arrow are allowed"
              .formatted(OnnxModelReader.shown(equation)));
    }
    int arrow = equation.indexOf("->");
    String[] terms = equation.substring(0, arrow).split(",", -1);
    if (terms.length != node.present().size()) {
      throw new IllegalArgumentException(
          "its equation has %s terms for %s inputs".formatted(terms.length, node.present().size()));
    }
    Map<Character, Long> sizes = new LinkedHashMap<>();
    for (int term = 0; term < terms.length; term++) {
      KnownTensor tensor = node.in(term);
      if (terms[term].length() != tensor.rank()) {
        throw new IllegalArgumentException(
            "its equation has \"%s\" for %s".formatted(terms[term], tensor));
      }
      for (int axis = 0; axis < tensor.rank(); axis++) {
        sizes.merge(
            terms[term].charAt(axis),
            (long) tensor.dim(axis),
            (one, other) -> {
              if (!one.equals(other) && one != 1 && other != 1) {
                throw new IllegalArgumentException(
                    "its equation has sizes %s and %s for one letter".formatted(one, other));
              }
              return Math.max(one, other);
            });
      }
    }
    List<Long> result = new ArrayList<>();
    for (char letter : equation.substring(arrow + 2).toCharArray()) {
      Long size = sizes.get(letter);
      if (size == null) {
        throw new IllegalArgumentException("its equation makes a letter out of nothing");
      }
      result.add(size);
    }
    double products = 1;
    for (long size : sizes.values()) {
      products *= size;
    }
    return new Einsum(KnownTensor.of(result), products);
  }
}
