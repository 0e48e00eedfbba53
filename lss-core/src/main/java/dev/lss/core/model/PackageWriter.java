package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.io.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a model package as a folder, whole or not at all: everything goes to a temporary folder
 * beside the target, which is opened as {@link ModelPackage} opens it, with all weights held
 * against the networks, and then moved in one step.
 */
public final class PackageWriter {

  private PackageWriter() {}

  /**
   * Writes a package and its manifest.
   *
   * @param target the folder, which must not exist
   * @param description the model; its stages name the weight files
   * @param files content by path inside the package: weights, {@code LICENSE} and so on
   * @throws IOException when it cannot be written
   * @throws ModelException {@code PACKAGE_EXISTS}, or as {@link ModelPackage#open} when what was
   *     written is no valid package
   */
  public static void write(
      Path target, ModelDescription description, Map<String, AtomicFiles.Content> files)
      throws IOException {
    Path place = target.toAbsolutePath().normalize();
    Path parent = place.getParent();
    if (parent == null || Files.exists(place)) {
      throw new ModelException(
          "PACKAGE_EXISTS",
          "\"%s\" is there already: remove it or name another folder".formatted(target));
    }
    Path temporary = Files.createDirectories(parent).resolve(".lss-" + UUID.randomUUID() + ".tmp");
    try {
      Files.createDirectory(temporary);
      Map<String, String> hashes = new LinkedHashMap<>();
      for (Map.Entry<String, AtomicFiles.Content> file : files.entrySet()) {
        hashes.put(file.getKey(), write(temporary, file.getKey(), file.getValue()));
      }
      Files.write(
          temporary.resolve(Manifest.FILE),
          ManifestWriter.write(new Manifest(description, hashes)));
      ModelPackage written = ModelPackage.open(temporary);
      for (Stage stage : written.description().stages()) {
        written.sources(stage);
      }
      Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(temporary);
    }
  }

  private static String write(Path folder, String path, AtomicFiles.Content content)
      throws IOException {
    PackagePath.check(path);
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      content.writeTo(out);
    }
    Sha256 hash = new Sha256();
    try (InputStream in = Files.newInputStream(file)) {
      hash.addAll(in);
    }
    return hash.hex();
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
