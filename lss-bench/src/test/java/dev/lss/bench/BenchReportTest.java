package dev.lss.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchReportTest {

  private static final Machine MACHINE = machine(0.4);

  private static Machine machine(double load) {
    return new Machine(
        "Some CPU",
        2,
        "Linux 6",
        "17.0.15 (Debian)",
        "0.1.0",
        LocalDate.of(2026, 11, 21),
        OptionalDouble.of(load));
  }

  private static BenchReport.Row row(
      String backend, Precision precision, int threads, Outcome outcome) {
    return new BenchReport.Row(
        new BenchCase(backend, Optional.empty(), precision, threads, PhantomSize.STANDARD, 5),
        outcome);
  }

  private static Outcome.Measured measured(double forwardMs, double pipelineMs) {
    return new Outcome.Measured(
        "1.0",
        "cpu",
        250,
        forwardMs,
        forwardMs,
        pipelineMs,
        pipelineMs - 200,
        OptionalLong.of(800L << 20));
  }

  private static BenchReport report(BenchReport.Row... rows) {
    return new BenchReport(MACHINE, PhantomSize.STANDARD, 5, List.of(rows));
  }

  private static final BenchReport.Row ONNX = row("onnx", Precision.FP32, 2, measured(400, 3000));
  private static final BenchReport.Row TF = row("tf", Precision.FP32, 2, measured(200, 2000));
  private static final BenchReport.Row TF_BF16 = row("tf", Precision.BF16, 2, measured(100, 1500));
  private static final BenchReport.Row DJL =
      row("djl", Precision.FP32, 2, new Outcome.Failed("no native library"));
  private static final BenchReport.Row TF_ALONE = row("tf", Precision.FP32, 1, measured(350, 4000));

  @Test
  void the_fastest_is_the_one_with_the_fastest_pipeline_in_single_precision() {
    assertThat(report(ONNX, TF, TF_BF16, DJL).fastest()).contains(TF);
    assertThat(report(DJL).fastest()).isEmpty();
  }

  @Test
  void a_faster_one_with_less_precision_is_named_apart() {
    BenchReport.Row slow = row("tf", Precision.BF16, 2, measured(300, 2500));

    assertThat(report(ONNX, TF, TF_BF16).fasterWithLessPrecision()).contains(TF_BF16);
    assertThat(report(ONNX, TF, slow).fasterWithLessPrecision()).isEmpty();
  }

  @Test
  void ratios_compare_with_onnx_in_single_precision_and_as_many_threads() {
    BenchReport report = report(ONNX, TF, TF_ALONE, DJL);

    assertThat(report.timesAsFast(TF, Outcome.Measured::forwardBestMs)).contains(2.0);
    assertThat(report.timesAsFast(TF, Outcome.Measured::pipelineMs)).contains(1.5);
    assertThat(report.timesAsFast(TF_ALONE, Outcome.Measured::pipelineMs)).isEmpty();
    assertThat(report.timesAsFast(DJL, Outcome.Measured::pipelineMs)).isEmpty();
  }

  @Test
  void the_table_names_the_machine_the_fastest_and_the_reason_of_what_is_missing() {
    StringWriter text = new StringWriter();
    BenchTable.print(report(ONNX, TF, DJL), new PrintWriter(text, true));

    assertThat(text.toString())
        .contains("Some CPU, 2 processors", "17.0.15", "0.1.0", "2026-11-21")
        .contains(
            "tf       cpu     fp32       2   0.250 s   0.200 s    2.00   2.000 s    1.50   0.200 s "
                + "   11 %  800 MB")
        .contains("djl      -       fp32       2  not measured: no native library")
        .contains("fastest here: tf fp32, 2 threads; --backend tf (1.50 times as fast as onnx)");
  }

  @Test
  void a_busy_machine_is_said_to_be_one() {
    StringWriter quiet = new StringWriter();
    StringWriter busy = new StringWriter();
    BenchTable.print(report(ONNX), new PrintWriter(quiet, true));
    BenchTable.print(
        new BenchReport(machine(3), PhantomSize.STANDARD, 5, List.of(ONNX)),
        new PrintWriter(busy, true));

    assertThat(quiet.toString()).doesNotContain("not to be relied on");
    assertThat(busy.toString()).contains("not to be relied on: other work ran, the load was 3.0");
  }

  @Test
  void the_json_holds_figures_reasons_and_ratios() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    BenchJson.put(report(ONNX, TF, DJL), json);

    assertThat(json.at("/machine/cpu").asText()).isEqualTo("Some CPU");
    assertThat(json.at("/machine/load").asDouble()).isEqualTo(0.4);
    assertThat(json.at("/rows/1/pipelineTimesOnnx").asDouble()).isEqualTo(1.5);
    assertThat(json.at("/rows/1/aroundMs").asDouble()).isEqualTo(200);
    assertThat(json.at("/rows/2/measured").asBoolean()).isFalse();
    assertThat(json.at("/rows/2/reason").asText()).isEqualTo("no native library");
    assertThat(json.at("/fastest").asText()).isEqualTo("tf");
  }

  @Test
  void an_outcome_survives_the_way_between_two_processes() {
    Outcome figures = measured(1.25, 300.5);
    Outcome reason = new Outcome.Failed("it says \"no\"");

    assertThat(OutcomeJson.read(OutcomeJson.write(figures))).contains(figures);
    assertThat(OutcomeJson.read(OutcomeJson.write(reason))).contains(reason);
    assertThat(OutcomeJson.read("17")).isEmpty();
    assertThat(OutcomeJson.read("")).isEmpty();
  }

  @Test
  void the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
    assertThat(Measurement.median(new double[] {5, 1, 3})).isEqualTo(3);
    assertThat(Measurement.median(new double[] {8, 1, 3, 5})).isEqualTo(4);
  }

  @Test
  void a_case_without_threads_or_runs_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new BenchCase("onnx", Optional.empty(), Precision.FP32, 0, PhantomSize.SMALL, 1))
        .withMessage("threads and runs must be at least 1, were 0 and 1");
  }

  @Test
  void the_processor_s_name_is_read_where_linux_tells_it(@TempDir Path folder) throws Exception {
    Path info = Files.writeString(folder.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: A B\n");

    assertThat(Machine.cpuName(info)).contains("A B");
    assertThat(Machine.cpuName(folder.resolve("none"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "flags: fpu avx512f avx512_bf16, by which tf gains; djl is slower in bf16 here",
    "flags: fpu avx512_bf16 amx_bf16, by which tf and djl gain",
    "Features: fp asimd bf16, by which tf gains; djl is slower in bf16 here",
    "flags: fpu avx512f, so fp32 is faster",
    "model name: A, measures it"
  })
  void what_the_processor_has_for_bf16_is_said(String line, String said, @TempDir Path folder)
      throws Exception {
    Path info = Files.writeString(folder.resolve("cpuinfo"), line + "\n");

    assertThat(Machine.bf16(info)).startsWith("bf16: this ").endsWith(said);
  }

  @Test
  void cases_of_all_backends_cover_each_precision_and_thread_count_once() {
    Bench bench =
        new Bench(
            List.of("x", "x"),
            Optional.of(Device.CPU),
            List.of(),
            List.of(1, 2),
            PhantomSize.SMALL,
            1);

    assertThat(bench.cases(BenchReportTest.class.getClassLoader()))
        .containsExactly(
            new BenchCase("x", Optional.of(Device.CPU), Precision.FP32, 1, PhantomSize.SMALL, 1),
            new BenchCase("x", Optional.of(Device.CPU), Precision.FP32, 2, PhantomSize.SMALL, 1));
  }
}
