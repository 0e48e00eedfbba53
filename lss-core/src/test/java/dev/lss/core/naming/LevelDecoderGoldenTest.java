package dev.lss.core.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.image.Vector3;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The naming of chains against its reference, lss_training/naming/decoder.py, on made-up chains
 * written by {@code python -m lss_training decoding-cases FOLDER}.
 */
class LevelDecoderGoldenTest {

  private static final double TOLERANCE = 1e-5;

  @Test
  void made_up_chains_are_named_as_the_reference_names_them() throws Exception {
    try (InputStream in = getClass().getResourceAsStream("naming_cases.json")) {
      JsonNode cases = new ObjectMapper().readTree(in);
      assertThat(cases).hasSizeGreaterThanOrEqualTo(50);
      for (JsonNode one : cases) {
        check(one);
      }
    }
  }

  private static void check(JsonNode expected) {
    List<SpineBody> chain = chain(expected.get("bodies"));
    LevelDecoder decoder =
        LevelDecoder.of(
            NamingModel.learned(), chain, 1, new double[chain.size()][SpineLevel.all().size()]);
    LevelDecoder.Path path = decoder.best();
    double share = decoder.probability(path, EnumSet.noneOf(SpineLevel.class));
    double odds = NamingModel.learned().odds(share, clarity(chain), chain.size());

    assertThat(path.levels().stream().map(SpineLevel::name).toList())
        .as("%s", expected)
        .isEqualTo(texts(expected.get("levels")));
    assertThat(path.missed().stream().map(String::valueOf).toList())
        .isEqualTo(texts(expected.get("missed")));
    assertThat(decoder.logTotal()).isCloseTo(expected.get("total").asDouble(), within(TOLERANCE));
    assertThat(share).isCloseTo(expected.get("share").asDouble(), within(TOLERANCE));
    assertThat(1 / (1 + Math.exp(-odds)))
        .isCloseTo(expected.get("probability").asDouble(), within(TOLERANCE));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private static List<SpineBody> chain(JsonNode bodies) {
    List<SpineBody> chain = new ArrayList<>();
    for (JsonNode body : bodies) {
      List<Double> types = new ArrayList<>();
      body.get("types").forEach(score -> types.add(score.asDouble()));
      chain.add(
          new SpineBody(
              point(body.get("centre")).orElseThrow(),
              types,
              point(body.get("left")),
              point(body.get("right"))));
    }
    return chain;
  }

  private static Optional<Vector3> point(JsonNode xyz) {
    return xyz.isNull()
        ? Optional.empty()
        : Optional.of(Vector3.of(axis -> xyz.get(axis).asDouble()));
  }

  /** Mean of the largest less the second largest type score, 0 where types are not known. */
  private static double clarity(List<SpineBody> chain) {
    double sum = 0;
    for (SpineBody body : chain) {
      List<Double> ordered = body.types().stream().sorted().toList();
      sum += ordered.isEmpty() ? 0 : ordered.get(2) - ordered.get(1);
    }
    return sum / chain.size();
  }
}
