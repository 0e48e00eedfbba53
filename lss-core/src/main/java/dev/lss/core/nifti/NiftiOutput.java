package dev.lss.core.nifti;

import dev.lss.core.io.AtomicFiles;
import dev.lss.core.voxel.VoxelFault;
import dev.lss.core.voxel.VoxelType;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a NIfTI file through {@link AtomicFiles}, gzip when the name ends in {@code .gz}, and
 * reads it back before it replaces an older one: what was inflated from the disk must have the
 * checksum of what was meant. The same volume gives the same bytes everywhere.
 */
final class NiftiOutput {

  private static final int PIECE = 1 << 13;

  private NiftiOutput() {}

  /** Puts voxels into a buffer. */
  interface Voxels {

    /** Puts voxels {@code from} to {@code from + count - 1} at the buffer's start. */
    void encode(int from, int count, ByteBuffer into);
  }

  /**
   * Writes a file.
   *
   * @throws IllegalArgumentException when the name ends neither in .nii nor in .nii.gz
   */
  static void write(Path path, ByteBuffer header, VoxelType type, int count, Voxels voxels)
      throws IOException {
    String name = VoxelFault.nameOf(path).toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".nii.gz");
    if (!gzip && !name.endsWith(".nii")) {
      throw new IllegalArgumentException(
          "a NIfTI file's name ends in .nii or .nii.gz, was " + VoxelFault.nameOf(path));
    }
    var checksum = new CRC32C();
    AtomicFiles.write(
        path,
        file -> {
          OutputStream whole = gzip ? new GZIPOutputStream(open(file), 1 << 16) : open(file);
          try (var out = new CheckedOutputStream(whole, checksum)) {
            byte[] head = new byte[header.capacity()];
            header.get(0, head);
            out.write(head);
            ByteBuffer piece = ByteBuffer.allocate(PIECE * type.bytes()).order(header.order());
            for (int at = 0; at < count; at += PIECE) {
              int n = Math.min(PIECE, count - at);
              voxels.encode(at, n, piece);
              out.write(piece.array(), 0, n * type.bytes());
            }
          }
        },
        written -> {
          if (checksumOf(written, gzip) != checksum.getValue()) {
            throw new IOException(
                VoxelFault.nameOf(path) + ": what was read back differs from what was written");
          }
        });
  }

  /** Buffers, and keeps the channel below open, which its owner closes. */
  private static OutputStream open(OutputStream file) {
    return new BufferedOutputStream(
        new FilterOutputStream(file) {
          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
          }

          @Override
          public void close() throws IOException {
            flush();
          }
        },
        1 << 16);
  }

  private static long checksumOf(Path written, boolean gzip) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(written), 1 << 16);
        var in =
            new CheckedInputStream(
                gzip ? new GZIPInputStream(file, 1 << 16) : file, new CRC32C())) {
      in.transferTo(OutputStream.nullOutputStream());
      return in.getChecksum().getValue();
    }
  }
}
