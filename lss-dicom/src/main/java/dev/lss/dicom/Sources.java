package dev.lss.dicom;

import dev.lss.api.InvalidStudyException;
import dev.lss.dicom.data.ArraySource;
import dev.lss.dicom.data.ByteSource;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.FileSource;
import dev.lss.dicom.data.ZipSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The files of folders, zips and single paths, in the order of their names. Links, devices and
 * pipes in folders are passed over. Immutable.
 *
 * @param all at least one
 */
record Sources(List<ByteSource> all) {

  private static final int MOST_FILES = 50_000;
  private static final int DEEPEST = 32;

  /** Copies the list. */
  Sources {
    all = List.copyOf(all);
  }

  static Sources of(List<Path> paths) throws IOException {
    List<ByteSource> found = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        for (Path file : walk(path.toRealPath())) {
          found.add(new FileSource(file));
        }
      } else if (!Files.exists(path)) {
        throw new NoSuchFileException(path.toString());
      } else if (!Files.isRegularFile(path)) {
        throw new FileSystemException(path.toString(), null, "is no file and no folder");
      } else if (isZip(path)) {
        found.addAll(entries(path));
      } else {
        found.add(new FileSource(path));
      }
      if (found.size() > MOST_FILES) {
        throw tooMany(path.toString());
      }
    }
    if (found.isEmpty()) {
      throw new InvalidStudyException("NO_PIXELS", "there is no file in " + paths);
    }
    return new Sources(found);
  }

  /** Returns whole files that lie in memory, called by their number. */
  static Sources inMemory(List<byte[]> files) {
    if (files.isEmpty()) {
      throw new InvalidStudyException("NO_PIXELS", "there is no file");
    }
    List<ByteSource> all = new ArrayList<>();
    for (int n = 0; n < files.size(); n++) {
      all.add(new ArraySource("object " + (n + 1), files.get(n)));
    }
    return new Sources(all);
  }

  private static InvalidStudyException tooMany(String where) {
    return DicomFault.of(
        "TOO_MANY_FILES", where, "it holds more than %s files".formatted(MOST_FILES));
  }

  private static List<Path> walk(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        EnumSet.noneOf(java.nio.file.FileVisitOption.class),
        DEEPEST,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            if (files.size() > MOST_FILES) {
              throw tooMany(folder.toString());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException why) {
            files.add(file); // opening it fails again, and is told there
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(files);
    return files;
  }

  private static boolean isZip(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] first = in.readNBytes(4);
      return first.length == 4
          && first[0] == 'P'
          && first[1] == 'K'
          && first[2] == 3
          && first[3] == 4;
    }
  }

  private static List<ByteSource> entries(Path path) throws IOException {
    List<ByteSource> entries = new ArrayList<>();
    try (ZipFile zip = new ZipFile(path.toFile())) {
      if (zip.size() > MOST_FILES) {
        throw tooMany(path.toString());
      }
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!entry.isDirectory()) {
          entries.add(new ZipSource(path, entry.getName()));
        }
      }
    }
    return entries;
  }
}
