package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.NnUnetRules;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.OutputKind;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.TileRule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@code lss-model.json} says, schema {@code lss-model/1}: the description of the model, and
 * the SHA-256 of every other file of the package. Read strictly: a field or a kind that is not
 * known is an error, because guessing a preprocessing step would give wrong labels. Immutable.
 *
 * @param description the model
 * @param files SHA-256 by path inside the package, in the order of the manifest
 */
record Manifest(ModelDescription description, Map<String, String> files) {

  static final String FILE = "lss-model.json";
  static final String LICENSE_FILE = "LICENSE";
  private static final int SCHEMA = 1;
  static final String SCHEMA_TEXT = "lss-model/" + SCHEMA;
  static final String AS_STORED = "AS_STORED";
  private static final String INVALID = "MODEL_MANIFEST";
  private static final Pattern SCHEMA_PATTERN = Pattern.compile("lss-model/([1-9][0-9]{0,5})");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** The kinds that have no numbers. */
  static final Map<String, Normalization> PLAIN_NORMALIZATIONS =
      Map.of(
          "zScore", new Normalization.ZScore(),
          "zScoreInMask", new Normalization.ZScoreInMask(),
          "rescale01", new Normalization.Rescale01(),
          "rgb01", new Normalization.Rgb01(),
          "none", new Normalization.None());

  static Manifest parse(byte[] json) {
    Fields root = Fields.parse(json, FILE, INVALID);
    checkSchema(root);
    List<Stage> stages = root.objects("stages").stream().map(Manifest::stage).toList();
    ModelDescription description =
        root.build(
            () ->
                new ModelDescription(
                    root.text("id"),
                    root.text("version"),
                    root.text("title"),
                    root.text("license"),
                    root.text("intendedUse"),
                    root.text("trainingData"),
                    root.text("task"),
                    stages));
    Map<String, String> files = files(root);
    root.refuseOthers();
    checkStages(root, stages, files);
    return new Manifest(description, files);
  }

  private static void checkSchema(Fields root) {
    String schema = root.text("schema");
    Matcher matcher = SCHEMA_PATTERN.matcher(schema);
    if (!matcher.matches()) {
      throw root.unknown("schema \"" + schema + "\"", "schema", Set.of(SCHEMA_TEXT));
    }
    if (Integer.parseInt(matcher.group(1)) > SCHEMA) {
      throw new ModelException(
          "MODEL_SCHEMA",
          "the model is written in schema %s, this version of LSS reads up to lss-model/%d: update LSS"
              .formatted(schema, SCHEMA));
    }
  }

  private static Map<String, String> files(Fields root) {
    Map<String, String> files = new LinkedHashMap<>();
    for (Fields entry : root.objects("files")) {
      String path = entry.text("path");
      String sha256 = entry.text("sha256");
      entry.refuseOthers();
      PackagePath.check(path);
      if (!SHA256.matcher(sha256).matches()) {
        throw entry.wrong("sha256", "a SHA-256 is 64 lower-case hexadecimal digits");
      }
      if (path.equals(FILE) || files.put(path, sha256) != null) {
        throw entry.wrong("path", "\"" + path + "\" must not be listed again");
      }
    }
    if (!files.containsKey(LICENSE_FILE)) {
      throw new ModelException(
          "MODEL_LICENSE",
          "a model package holds its licence as a file named LICENSE; none is listed");
    }
    return files;
  }

  private static void checkStages(Fields root, List<Stage> stages, Map<String, String> files) {
    Set<String> names = new HashSet<>();
    for (Stage stage : stages) {
      Optional<String> previous = stage.nnunet().flatMap(NnUnetRules::previousStage);
      if (previous.isPresent() && !names.contains(previous.get())) {
        throw root.wrong(
            "stages",
            "stage %s needs the stage \"%s\" before it".formatted(stage.name(), previous.get()));
      }
      if (!names.add(stage.name())) {
        throw root.wrong("stages", "two stages are named " + stage.name());
      }
      for (String file : stage.network().files()) {
        if (!files.containsKey(file)) {
          throw root.wrong(
              "files", "stage %s uses \"%s\", which is not listed".formatted(stage.name(), file));
        }
      }
    }
  }

  private static Stage stage(Fields fields) {
    Stage.Role role = fields.oneOf("role", byLowerCaseName(Stage.Role.values()));
    StageNetwork network = NetworkFields.read(fields);
    List<InputChannel> inputs = fields.objects("inputs").stream().map(Manifest::input).toList();
    Optional<NnUnetRules> nnunet =
        fields.has("nnunet")
            ? Optional.of(NnUnetFields.read(fields.object("nnunet")))
            : Optional.empty();
    ResamplingRule resampling =
        nnunet.isPresent()
            ? nnunet.get().imageRule()
            : fields.oneOf("resampling", byName(ResamplingRule.values()));
    TileRule tiling = TilingFields.read(fields.object("tiling"));
    OutputKind output = fields.oneOf("output", byName(OutputKind.values()));
    List<Stage.StageLabel> labels = fields.objects("labels").stream().map(Manifest::label).toList();
    OptionalDouble centrePrior =
        fields.has("centrePriorSigmaMm")
            ? OptionalDouble.of(fields.number("centrePriorSigmaMm"))
            : OptionalDouble.empty();
    OptionalInt longerSide =
        fields.has("longerSidePixels")
            ? OptionalInt.of(fields.integer("longerSidePixels"))
            : OptionalInt.empty();
    Stage stage =
        fields.build(
            () ->
                new Stage(
                    role,
                    fields.text("name"),
                    network,
                    inputs,
                    orientation(fields),
                    longerSide.isPresent() ? List.of() : fields.numbers("spacingMm"),
                    longerSide,
                    resampling,
                    fields.integers("patchSize"),
                    tiling,
                    fields.integers("mirrorAxes"),
                    output,
                    labels,
                    centrePrior,
                    nnunet));
    fields.refuseOthers();
    checkStage(fields, stage);
    return stage;
  }

  private static void checkStage(Fields fields, Stage stage) {
    int channels = stage.signature().outputChannels();
    Set<Integer> values = new HashSet<>();
    for (Stage.StageLabel label : stage.labels()) {
      boolean isChannel = stage.output() != OutputKind.SIGMOID || stage.labels().size() == channels;
      if (label.value() < 0 || !values.add(label.value()) || !isChannel) {
        throw fields.wrong(
            "labels",
            "labels must name each of %d channels once, were %s"
                .formatted(channels, stage.labels()));
      }
    }
    if (stage.nnunet().isPresent()) {
      checkNnUnet(fields, stage, stage.nnunet().get());
    }
    List<Integer> multiples = stage.signature().sizeMultiples();
    for (int axis = 0; axis < multiples.size(); axis++) {
      if (stage.patchSize().get(axis) % multiples.get(axis) != 0) {
        throw fields.wrong(
            "patchSize",
            "patch sizes must be multiples of %s, were %s".formatted(multiples, stage.patchSize()));
      }
    }
    Set<Integer> axes = new HashSet<>();
    for (int axis : stage.mirrorAxes()) {
      if (axis < 0 || axis >= multiples.size() || !axes.add(axis)) {
        throw fields.wrong(
            "mirrorAxes",
            "mirror axes must be different numbers from 0 to %d, were %s"
                .formatted(multiples.size() - 1, stage.mirrorAxes()));
      }
    }
    if (stage.centrePriorSigmaMm().isPresent() && !(stage.centrePriorSigmaMm().getAsDouble() > 0)) {
      throw fields.wrong("centrePriorSigmaMm", "a standard deviation must be positive");
    }
  }

  /** nnU-Net's heads are background and every label, or the regions in order. */
  private static void checkNnUnet(Fields fields, Stage stage, NnUnetRules rules) {
    int heads = stage.signature().outputChannels();
    boolean sigmoid = stage.output() == OutputKind.SIGMOID;
    int first = sigmoid ? 0 : 1;
    List<Integer> values = stage.labels().stream().map(Stage.StageLabel::value).toList();
    if (!values.equals(IntStream.range(first, heads).boxed().toList())) {
      throw fields.wrong(
          "labels",
          "%d output channels need the labels %d to %d in order, were %s"
              .formatted(heads, first, heads - 1, values));
    }
    if (rules.regions().size() != (sigmoid ? heads : 0)) {
      throw fields.wrong(
          "nnunet",
          "a sigmoid network has a region for each of its output channels, a softmax network none;"
              + " were "
              + rules.regions().size());
    }
  }

  private static Optional<AnatomicalCode> orientation(Fields fields) {
    String text = fields.text("orientation");
    return text.equals(AS_STORED) ? Optional.empty() : Optional.of(AnatomicalCode.parse(text));
  }

  private static InputChannel input(Fields fields) {
    InputChannel channel =
        new InputChannel(
            new SeriesRole(fields.text("role")), normalization(fields.object("normalization")));
    fields.refuseOthers();
    return channel;
  }

  private static Normalization normalization(Fields fields) {
    Map<String, Function<Fields, Normalization>> kinds = new HashMap<>();
    PLAIN_NORMALIZATIONS.forEach((kind, value) -> kinds.put(kind, f -> value));
    kinds.put(
        "ctClip",
        f ->
            new Normalization.CtClip(
                f.number("lower"), f.number("upper"), f.number("mean"), f.number("std")));
    Normalization read = fields.build(() -> fields.oneOf("kind", kinds).apply(fields));
    fields.refuseOthers();
    return read;
  }

  private static Stage.StageLabel label(Fields fields) {
    Stage.StageLabel label = new Stage.StageLabel(fields.integer("value"), fields.text("key"));
    fields.refuseOthers();
    return label;
  }

  private static <E extends Enum<E>> Map<String, E> byName(E[] values) {
    return Arrays.stream(values).collect(Collectors.toMap(Enum::name, Function.identity()));
  }

  private static <E extends Enum<E>> Map<String, E> byLowerCaseName(E[] values) {
    return Arrays.stream(values)
        .collect(
            Collectors.toMap(value -> value.name().toLowerCase(Locale.ROOT), Function.identity()));
  }
}
