package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.SeriesRole;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Normalization.CtClip;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** One entry of {@code inputs} of a stage, read and written. */
final class InputFields {

  /** The kinds that have no numbers. */
  private static final Map<String, Normalization> PLAIN =
      Map.of(
          "zScore", new Normalization.ZScore(),
          "zScoreInMask", new Normalization.ZScoreInMask(),
          "rescale01", new Normalization.Rescale01(),
          "rgb01", new Normalization.Rgb01(),
          "none", new Normalization.None());

  private static final Map<String, Function<Fields, Normalization>> KINDS = kinds();

  private InputFields() {}

  private static Map<String, Function<Fields, Normalization>> kinds() {
    Map<String, Function<Fields, Normalization>> kinds = new HashMap<>();
    PLAIN.forEach((kind, value) -> kinds.put(kind, fields -> value));
    kinds.put("ctClip", InputFields::ctClip);
    return Map.copyOf(kinds);
  }

  static InputChannel read(Fields fields) {
    InputChannel channel =
        new InputChannel(
            new SeriesRole(fields.text("role")), fields.object("normalization").ofKind(KINDS));
    fields.refuseOthers();
    return channel;
  }

  private static Normalization ctClip(Fields fields) {
    return new CtClip(
        fields.number("lower"),
        fields.number("upper"),
        fields.number("mean"),
        fields.number("std"));
  }

  static void write(InputChannel channel, ObjectNode node) {
    ObjectNode normalization = node.put("role", channel.role().key()).putObject("normalization");
    if (channel.normalization() instanceof CtClip ct) {
      normalization
          .put("kind", "ctClip")
          .put("lower", ct.lower())
          .put("upper", ct.upper())
          .put("mean", ct.mean())
          .put("std", ct.std());
    } else {
      normalization.put("kind", Fields.key(PLAIN, channel.normalization()));
    }
  }
}
