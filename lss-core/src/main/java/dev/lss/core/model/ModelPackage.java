package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.core.io.Sha256;
import dev.lss.spi.ModelSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * A model as it is shipped: a manifest {@code lss-model.json}, weights, licence and model card, in
 * a folder, a zip or the class path. A package that exists was checked: every file has the SHA-256
 * that the manifest lists, none is missing and none is there that is not listed. No runtime is
 * loaded and nothing in a package is executed.
 *
 * <p>The bytes of weights are hashed again when they are read, so that what a network is built from
 * is what was checked. Thread-safe; holds no open file.
 */
public final class ModelPackage implements Model {

  private static final String CARD_FILE = "MODEL_CARD.md";
  private static final int MAX_TEXT_BYTES = 1 << 20;

  private final PackageFiles files;
  private final Manifest manifest;
  private final String sha256;
  private final Map<String, Long> sizes;

  private ModelPackage(
      PackageFiles files, Manifest manifest, String sha256, Map<String, Long> sizes) {
    this.files = files;
    this.manifest = manifest;
    this.sha256 = sha256;
    this.sizes = Map.copyOf(sizes);
  }

  /**
   * Opens a package in a folder or a zip.
   *
   * @throws IOException when it cannot be read
   * @throws ModelException when it is no valid package
   */
  public static ModelPackage open(Path folderOrZip) throws IOException {
    if (!Files.exists(folderOrZip)) {
      throw new ModelException(
          "MODEL_NOT_FOUND", "there is no model package \"%s\"".formatted(folderOrZip));
    }
    return open(
        Files.isDirectory(folderOrZip)
            ? new PackageFiles.Folder(folderOrZip)
            : PackageFiles.Zip.read(folderOrZip));
  }

  /**
   * Opens a package that a {@link dev.lss.spi.ModelProvider} on the class path or module path
   * brings.
   *
   * @param id id of the model, such as {@code ct-vertebrae}
   * @param loader where providers are looked for
   * @throws IOException when it cannot be read
   * @throws ModelException when there is none or two with this id, or it is no valid package
   */
  public static ModelPackage bundled(String id, ClassLoader loader) throws IOException {
    ModelPackage opened =
        open(new PackageFiles.Provided(id, BundledProviders.discover(loader).provider(id)));
    if (!opened.description().id().equals(id)) {
      throw new ModelException(
          "MODEL_MANIFEST",
          "the model provided as %s calls itself %s".formatted(id, opened.description().id()));
    }
    return opened;
  }

  /** Returns the ids of all models that providers bring, sorted. */
  public static List<String> bundledIds(ClassLoader loader) {
    return BundledProviders.discover(loader).ids();
  }

  private static ModelPackage open(PackageFiles files) throws IOException {
    try {
      return openChecked(files);
    } catch (ZipException | EOFException e) {
      throw new ModelException("BAD_PACKAGE", files.place() + " is damaged: " + e.getMessage(), e);
    }
  }

  private static ModelPackage openChecked(PackageFiles files) throws IOException {
    Optional<Set<String>> listed = files.list();
    if (listed.isPresent() && !listed.get().contains(Manifest.FILE)) {
      throw new ModelException(
          "MODEL_NOT_FOUND", "%s holds no %s".formatted(files.place(), Manifest.FILE));
    }
    byte[] json = readText(files, Manifest.FILE);
    Manifest manifest = Manifest.parse(json);
    PackagePath.refuseClashes(manifest.files().keySet());
    if (listed.isPresent()) {
      compare(listed.get(), manifest.files().keySet());
    }
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (Map.Entry<String, String> file : manifest.files().entrySet()) {
      sizes.put(file.getKey(), verify(files, file.getKey(), file.getValue()));
    }
    return new ModelPackage(files, manifest, Sha256.of(json), sizes);
  }

  private static void compare(Set<String> present, Set<String> listed) {
    for (String path : listed) {
      if (!present.contains(path)) {
        throw new ModelException(
            "MODEL_FILE_MISSING", "the manifest lists \"%s\", which is missing".formatted(path));
      }
    }
    for (String path : present) {
      if (!listed.contains(path) && !path.equals(Manifest.FILE)) {
        throw new ModelException(
            "MODEL_FILE_UNLISTED",
            "the package holds \"%s\", which its manifest does not list; remove it"
                .formatted(PackagePath.printable(path)));
      }
    }
  }

  private static long verify(PackageFiles files, String path, String sha256) throws IOException {
    try (InputStream in = files.open(path)) {
      Sha256 hash = new Sha256();
      long bytes = hash.addAll(in);
      requireEqual(path, sha256, hash.hex());
      return bytes;
    }
  }

  private static void requireEqual(String path, String wanted, String found) {
    if (!found.equals(wanted)) {
      throw new ModelException(
          "MODEL_CHECKSUM",
          "\"%s\" has SHA-256 %s, its manifest says %s: get the package again"
              .formatted(path, found, wanted));
    }
  }

  private static byte[] readText(PackageFiles files, String path) throws IOException {
    try (InputStream in = files.open(path)) {
      byte[] bytes = in.readNBytes(MAX_TEXT_BYTES + 1);
      if (bytes.length > MAX_TEXT_BYTES) {
        throw new ModelException(
            "BAD_PACKAGE", "%s may have %s bytes, has more".formatted(path, MAX_TEXT_BYTES));
      }
      return bytes;
    }
  }

  @Override
  public ModelDescription description() {
    return manifest.description();
  }

  /** Returns the SHA-256 of the manifest, which lists the hash of every other file. */
  @Override
  public String sha256() {
    return sha256;
  }

  /** Returns the size in bytes of all files that the manifest lists. */
  public long sizeBytes() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the text of the licence. */
  public String license() throws IOException {
    return text(Manifest.LICENSE_FILE);
  }

  /** Returns the text of the model card, or empty when the package has none. */
  public Optional<String> card() throws IOException {
    return manifest.files().containsKey(CARD_FILE)
        ? Optional.of(text(CARD_FILE))
        : Optional.empty();
  }

  private String text(String path) throws IOException {
    byte[] bytes = readText(files, path);
    requireEqual(path, wanted(path), Sha256.of(bytes));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Opens a weight file: mapped from a folder, read into native memory from a zip or a provider.
   *
   * @param path path inside the package, as in {@link StageNetwork.Layers#files()}
   * @throws IOException when it cannot be read
   * @throws ModelException when it is not listed, was changed or is no valid weight file
   */
  public Weights weights(String path) throws IOException {
    return Safetensors.of(path, bytes(path));
  }

  /** Returns a file in native memory, hashed again. */
  private ByteBuffer bytes(String path) throws IOException {
    String sha256 = wanted(path);
    Optional<Path> file = files.file(path);
    ByteBuffer bytes;
    if (file.isPresent()) {
      bytes = Safetensors.mapped(file.get());
    } else {
      try (InputStream in = files.open(path)) {
        bytes = Safetensors.buffered(path, in, Objects.requireNonNull(sizes.get(path)));
      }
    }
    Sha256 hash = new Sha256();
    hash.add(bytes.duplicate());
    requireEqual(path, sha256, hash.hex());
    return bytes;
  }

  /**
   * {@inheritDoc} Where layers are described, every tensor that they name was found in the right
   * shape; what a file in a runtime's format holds is for the backend to check.
   */
  @Override
  public List<ModelSource> sources(Stage stage) throws IOException {
    List<ModelSource> sources = new ArrayList<>();
    for (String path : stage.network().files()) {
      String name = description().id() + "/" + stage.name();
      sources.add(
          stage.network() instanceof StageNetwork.Opaque opaque
              ? new ModelSource.Opaque(
                  name + "/" + path, opaque.format(), bytes(path), opaque.signature())
              : described(name, ((StageNetwork.Layers) stage.network()).network(), path));
    }
    return List.copyOf(sources);
  }

  private ModelSource described(String name, Network network, String path) throws IOException {
    Weights weights = weights(path);
    try {
      network.requireWeights(weights);
    } catch (ModelException e) {
      throw new ModelException(e.code(), name + ": " + e.getMessage(), e);
    }
    return new ModelSource.Described(name, network, weights);
  }

  private String wanted(String path) {
    String sha256 = manifest.files().get(path);
    if (sha256 == null) {
      throw new ModelException(
          "MODEL_FILE_UNLISTED",
          "the model has no file \"%s\"; known: %s"
              .formatted(path, String.join(", ", manifest.files().keySet())));
    }
    return sha256;
  }

  @Override
  public String toString() {
    return description().id() + " " + description().version();
  }
}
