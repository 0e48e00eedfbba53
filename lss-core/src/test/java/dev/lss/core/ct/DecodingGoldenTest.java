package dev.lss.core.ct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.core.ct.HeatMaps.Peak;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The decoding of heat maps against its reference, lss_training/ct/decoding.py. The cases are
 * written by {@code python -m lss_training decoding-cases FOLDER}; maps are Gaussians of 7 mm on 4
 * mm voxels.
 */
class DecodingGoldenTest {

  private static final Map<LevelNaming.Doubt, String> DOUBTS =
      Map.of(
          LevelNaming.Doubt.UNSURE, "UNSURE",
          LevelNaming.Doubt.SACRUM_MISMATCH, "SACRUM_MISMATCH",
          LevelNaming.Doubt.NOT_TWELVE_THORACIC, "NOT_TWELVE_THORACIC",
          LevelNaming.Doubt.SIX_LUMBAR, "SIX_LUMBAR",
          LevelNaming.Doubt.NO_SURE_LUMBAR, "NO_SURE_LUMBAR");

  @TestFactory
  List<DynamicTest> decodes_as_the_reference_does() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream in = getClass().getResourceAsStream("decode_cases.json")) {
      for (JsonNode one : new ObjectMapper().readTree(in)) {
        tests.add(DynamicTest.dynamicTest(one.get("name").asText(), () -> check(one)));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private static void check(JsonNode expected) {
    HeatMaps maps = maps(expected);
    SpineChain chain = SpineChain.find(maps);
    JsonNode vertebrae = expected.get("vertebrae");
    assertThat(chain.vertebrae()).hasSize(vertebrae.size());
    if (vertebrae.isEmpty()) {
      return;
    }
    LevelNaming naming = LevelNaming.of(chain, maps);
    List<String> doubts = new ArrayList<>();
    if (chain.rival()) {
      doubts.add("SECOND_CHAIN");
    }
    naming.doubts().forEach(doubt -> doubts.add(DOUBTS.get(doubt)));
    List<String> expectedDoubts = new ArrayList<>();
    expected.get("doubts").forEach(doubt -> expectedDoubts.add(doubt.asText()));
    for (int n = 0; n < vertebrae.size(); n++) {
      Peak peak = chain.vertebrae().get(n);
      JsonNode vertebra = vertebrae.get(n);
      assertThat(naming.levels().get(n).name()).isEqualTo(vertebra.get("level").asText());
      assertThat(peak.at().z()).isCloseTo(vertebra.get("centre").get(0).asDouble(), within(1e-9));
      assertThat(peak.at().y()).isCloseTo(vertebra.get("centre").get(1).asDouble(), within(1e-9));
      assertThat(peak.at().x()).isCloseTo(vertebra.get("centre").get(2).asDouble(), within(1e-9));
    }
    assertThat(doubts).containsExactlyInAnyOrderElementsOf(expectedDoubts);
    assertThat(naming.missed()).hasToString(expected.get("missed").toString().replace(",", ", "));
    assertThat(naming.probability())
        .isCloseTo(expected.get("probability").asDouble(), within(1e-5));
    assertThat(naming.anchored()).isEqualTo(!expected.get("anchors").isEmpty());
  }

  private static HeatMaps maps(JsonNode one) {
    JsonNode shape = one.get("shape");
    Extents grid = new Extents(shape.get(2).asInt(), shape.get(1).asInt(), shape.get(0).asInt());
    float[][] maps = new float[HeatMaps.CHANNELS.size()][grid.voxels()];
    for (JsonNode gaussian : one.get("gaussians")) {
      float[] map = maps[gaussian.get(0).asInt()];
      for (int n = 0; n < map.length; n++) {
        double di = n % grid.i() - gaussian.get(3).asDouble();
        double dj = n / grid.i() % grid.j() - gaussian.get(2).asDouble();
        double dk = n / (grid.i() * grid.j()) - gaussian.get(1).asDouble();
        double square = dk * dk + dj * dj + di * di;
        double value = gaussian.get(4).asDouble() * Math.exp(-square * 16 / 98);
        map[n] = (float) Math.max(map[n], value);
      }
    }
    return new HeatMaps(grid, new Vector3(4, 4, 4), NamedSpineTest.channels(maps));
  }
}
