package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.io.Sha256;
import dev.lss.core.io.Temporary;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

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
    try (Temporary temporary = Temporary.folder(Files.createDirectories(parent))) {
      Path folder = temporary.path();
      Map<String, String> hashes = new LinkedHashMap<>();
      for (Map.Entry<String, AtomicFiles.Content> file : files.entrySet()) {
        hashes.put(file.getKey(), write(folder, file.getKey(), file.getValue()));
      }
      Files.write(
          folder.resolve(Manifest.FILE), ManifestWriter.write(new Manifest(description, hashes)));
      ModelPackage written = ModelPackage.open(folder);
      for (Stage stage : written.description().stages()) {
        written.sources(stage);
      }
      Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
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
}
