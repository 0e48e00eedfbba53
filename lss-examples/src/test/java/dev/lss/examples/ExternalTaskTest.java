package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.task.Task;
import dev.lss.core.task.TaskCatalog;
import dev.lss.examples.cli.Lss;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A task that others bring, in a jar of its own that is compiled here: two series in, a measurement
 * out that the library does not know. The T2-weighted image is 300 in a block of 4 x 4 x 4 voxels
 * of 1 mm and 100 around it, the T1-weighted one is 100 everywhere; the model marks what is
 * brighter on T2 by more than 50.
 */
class ExternalTaskTest {

  private static final Path SOURCES =
      Path.of("../tools/consumers/task-example/src/main/java/dev/example");
  private static final GridGeometry GRID =
      GridGeometry.ofSpacing(new Extents(12, 10, 8), new Vector3(1, 1, 1));

  @TempDir private static Path folder;
  private static Path jar;
  private static Path model;

  @BeforeAll
  static void bring() throws IOException {
    jar = jar(compiled());
    model =
        TinyModel.write(
            folder.resolve("model"),
            "mr-brightness",
            "disc/L4-L5",
            List.of(SeriesRole.T1, SeriesRole.T2),
            -50,
            -1,
            1);
    Nifti.write(folder.resolve("t1.nii"), image(100));
    Nifti.write(folder.resolve("t2.nii"), image(300));
  }

  private static Path compiled() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(List.of("--release", "17", "-proc:none", "-Xlint:all", "-Werror", "-cp"));
    arguments.add(System.getProperty("java.class.path"));
    arguments.addAll(List.of("-d", classes.toString()));
    try (Stream<Path> sources = Files.list(SOURCES)) {
      sources.map(Path::toString).forEach(arguments::add);
    }
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(code).as("javac's exit code").isZero();
    return classes;
  }

  private static Path jar(Path classes) throws IOException {
    Path file = folder.resolve("brightness.jar");
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> all = Files.walk(classes)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(one).toString().replace('\\', '/')));
        Files.copy(one, jar);
      }
      jar.putNextEntry(new JarEntry("META-INF/services/" + Task.class.getName()));
      jar.write("dev.example.BrightnessTask\n".getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  /** Returns an image of 100 with a block of another value. */
  private static Volume image(float block) {
    float[] samples = new float[GRID.extents().voxels()];
    for (int k = 0; k < 8; k++) {
      for (int j = 0; j < 10; j++) {
        for (int i = 0; i < 12; i++) {
          boolean inside = i >= 4 && i < 8 && j >= 3 && j < 7 && k >= 2 && k < 6;
          samples[GRID.extents().offset(i, j, k)] = inside ? block : 100;
        }
      }
    }
    return Volume.wrap(GRID, samples);
  }

  private static Forked lss(Object... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            Jars.java(
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + jar,
                Lss.class.getName()));
    Stream.of(arguments).map(String::valueOf).forEach(command::add);
    return Forked.run(folder, command);
  }

  private static void assertIsBlock(LabelVolume labels) {
    assertThat(labels.count(1)).isEqualTo(64);
    assertThat(labels.get(4, 3, 2)).isEqualTo(1);
    assertThat(labels.get(7, 6, 5)).isEqualTo(1);
  }

  @Test
  void an_application_finds_it_through_the_class_loader_of_its_jar() throws Exception {
    LumbarStudy study =
        LumbarStudy.of(Series.of(SeriesRole.T1, image(100)), Series.of(SeriesRole.T2, image(300)));
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ExternalTaskTest.class.getClassLoader());
        LumbarSegmenter segmenter =
            Segmenters.forModel(ModelPackage.open(model))
                .classLoader(loader)
                .options(RuntimeOptions.builder().threads(1).build())
                .build()) {
      SegmentationResult result = segmenter.segment(study);

      assertThat(result.task()).isEqualTo("mr-brightness");
      assertIsBlock(result.labels());
      assertThat(result.measurements().all())
          .singleElement()
          .hasToString("Brightness[structure=Other[key=disc/L4-L5], meanT1=100.0, meanT2=300.0]")
          .extracting(one -> one.getClass().getName())
          .isEqualTo("dev.example.Brightness");
      assertThat(TaskCatalog.discover(loader).byId("mr-brightness").presentation())
          .satisfies(
              shown ->
                  assertThat(shown.tables(result.measurements()).get(0).lines())
                      .containsExactly("structure      T1     T2", "disc/L4-L5  100.0  300.0"));
    }
  }

  @Test
  void the_command_line_segments_and_shows_what_the_library_does_not_know() throws Exception {
    Path out = folder.resolve("out");

    Forked run =
        lss(
            "segment",
            "--task",
            "mr-brightness",
            "--model",
            model,
            "--input",
            "T2=" + folder.resolve("t2.nii"),
            "--input",
            folder.resolve("t1.nii"),
            "--out",
            out,
            "--threads",
            1);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("structure      T1     T2", "disc/L4-L5  100.0  300.0");
    assertIsBlock(Nifti.readLabels(out.resolve("labels.nii.gz")).labels());
    JsonNode result = new ObjectMapper().readTree(out.resolve("result.json").toFile());
    assertThat(result.path("task").asText()).isEqualTo("mr-brightness");
    assertThat(result.at("/labels/0/key").asText()).isEqualTo("disc/L4-L5");
    assertThat(result.at("/measurements/brightness/0/meanT2").asDouble()).isEqualTo(300);
    assertThat(result.at("/provenance/inputs")).hasSize(2);
    assertThat(ImageIO.read(out.resolve("overlay.png").toFile()).getWidth()).isPositive();
  }

  @Test
  void the_command_line_measures_labels_as_the_task_does() throws Exception {
    short[] block = new short[GRID.extents().voxels()];
    block[GRID.extents().offset(4, 3, 2)] = 1;
    Nifti.writeLabels(folder.resolve("labels.nii"), LabelVolume.wrap(GRID, block));

    Forked run =
        lss(
            "measure",
            "--task",
            "mr-brightness",
            "--input",
            folder.resolve("t1.nii"),
            "--input",
            folder.resolve("t2.nii"),
            "--labels",
            folder.resolve("labels.nii"),
            "--out",
            folder.resolve("measured"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("disc/L4-L5  100.0  300.0");
  }

  @Test
  void the_list_of_tasks_names_it() throws Exception {
    Forked run = lss("tasks");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("mr-brightness  brightness of a disc on two MR images");
  }

  @Test
  void without_its_jar_the_model_s_task_is_unknown_and_the_known_ones_are_named() throws Exception {
    Forked run =
        Forked.run(
            folder,
            Stream.concat(
                    Jars.java("-cp", System.getProperty("java.class.path"), Lss.class.getName())
                        .stream(),
                    Stream.of(
                        "segment",
                        "--model",
                        model.toString(),
                        "--input",
                        folder.resolve("t1.nii").toString(),
                        "--out",
                        folder.resolve("none").toString()))
                .toList());

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).contains("\"mr-brightness\"", "ct-vertebrae", "[UNKNOWN_TASK]");
  }
}
