package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small application on the module path. Tests on the class path would not notice a wrong {@code
 * module-info}: a package that is not exported, a service that is not declared.
 */
class ModulePathIT {

  private static final Path SOURCES = Path.of("src/it/module-path/phantom.app");

  @TempDir private Path folder;

  @Test
  void an_application_that_requires_core_alone_segments_a_phantom() throws Exception {
    String jars =
        Jars.only(
            jar -> jar.matches("(lss-(api|core|models|backend-onnx)|jackson-|onnxruntime-).*jar"));
    compile(jars);

    Forked app =
        Forked.run(
            folder,
            Jars.java(
                "--module-path",
                jars + File.pathSeparator + folder.resolve("app"),
                "--module",
                "phantom.app/dev.example.PhantomApp"));

    assertThat(app.exitCode()).as(app.err()).isZero();
    assertThat(app.out().lines())
        .containsExactly(
            "module dev.lss.core",
            "found L1",
            "found L2",
            "found L3",
            "found L4",
            "found L5",
            "backend onnx");
  }

  private void compile(String jars) {
    List<String> arguments =
        new ArrayList<>(List.of("--release", "17", "-proc:none", "--module-path", jars, "-d"));
    arguments.add(folder.resolve("app").toString());
    arguments.add(SOURCES.resolve("module-info.java").toString());
    arguments.add(SOURCES.resolve("dev/example/PhantomApp.java").toString());
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(code).as("javac's exit code").isZero();
  }
}
