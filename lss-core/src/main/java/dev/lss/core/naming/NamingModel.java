package dev.lss.core.naming;

import dev.lss.core.model.Safetensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The numbers of naming levels that were learned from real spines, read once from the resource that
 * training writes. Immutable.
 */
public final class NamingModel {

  /** No step fits worse than so, as a logarithm. */
  private static final double WORST_FIT = -30;

  private static final String RESOURCE = "/dev/lss/core/naming/naming.safetensors";

  /** The model's own probability is cut to [LEAST, 1 - LEAST]. */
  private static final double LEAST = 1e-6;

  private static final NamingModel LEARNED = read();

  private final List<Perceptron> networks;
  private final List<Route> routes;
  private final double lengthWeight;
  private final double[] calibration;

  private NamingModel(
      List<Perceptron> networks, List<Route> routes, double lengthWeight, double[] calibration) {
    this.networks = List.copyOf(networks);
    this.routes = List.copyOf(routes);
    this.lengthWeight = lengthWeight;
    this.calibration = calibration;
  }

  /** Returns which level may follow which, how likely and how far below it. */
  List<Route> routes() {
    return routes;
  }

  /** Returns how well each level fits a body with these features: the mean over the networks. */
  double[] fits(double[] features) {
    double[] fits = new double[SpineLevel.all().size()];
    for (Perceptron network : networks) {
      network.addTo(fits, features, 1.0 / networks.size());
    }
    return fits;
  }

  /**
   * Returns how well each route fits a step of this length, prior included.
   *
   * @param weight of the length, 1 where nothing else is known
   */
  double[] routeScores(double lengthMm, double weight) {
    return routes.stream()
        .mapToDouble(
            route -> {
              double z = (lengthMm - route.meanMm) / route.deviationMm;
              double fit = -0.5 * z * z - Math.log(route.deviationMm);
              return route.prior + weight * lengthWeight * Math.max(fit, WORST_FIT);
            })
        .toArray();
  }

  /**
   * Returns the log odds of being right, from the model's own probability, by logistic regression.
   *
   * @param clarity mean over bodies of the largest less the second largest type score, 0 where
   *     types are not known
   * @param bodies how many there are
   */
  public double odds(double raw, double clarity, int bodies) {
    double cut = Math.min(Math.max(raw, LEAST), 1 - LEAST);
    double odds = Math.log(cut / (1 - cut));
    double[] traits = {odds, odds * clarity, 1, clarity, 1.0 / bodies};
    return Perceptron.dot(calibration, traits);
  }

  /** A network with one hidden layer of rectified units. */
  private static final class Perceptron {

    private final double[][] hidden;
    private final double[] hiddenBias;
    private final double[][] output;
    private final double[] outputBias;

    private Perceptron(
        double[][] hidden, double[] hiddenBias, double[][] output, double[] outputBias) {
      this.hidden = hidden;
      this.hiddenBias = hiddenBias;
      this.output = output;
      this.outputBias = outputBias;
    }

    private void addTo(double[] sum, double[] features, double weight) {
      double[] units = new double[hidden.length];
      for (int n = 0; n < units.length; n++) {
        units[n] = Math.max(0, dot(hidden[n], features) + hiddenBias[n]);
      }
      for (int n = 0; n < sum.length; n++) {
        sum[n] += (dot(output[n], units) + outputBias[n]) * weight;
      }
    }

    private static double dot(double[] a, double[] b) {
      double sum = 0;
      for (int n = 0; n < a.length; n++) {
        sum += a[n] * b[n];
      }
      return sum;
    }
  }

  /**
   * A step from one level to another one below it.
   *
   * @param upper place of the level above
   * @param lower place of the level below
   * @param missed how many vertebrae are missing between the two
   * @param prior logarithm of how likely it is
   * @param meanMm usual length
   * @param deviationMm standard deviation of the length
   */
  record Route(int upper, int lower, int missed, double prior, double meanMm, double deviationMm) {}

  /** Returns what was learned. */
  public static NamingModel learned() {
    return LEARNED;
  }

  private static NamingModel read() {
    try (InputStream in =
        Objects.requireNonNull(
            NamingModel.class.getResourceAsStream(RESOURCE), RESOURCE + " is missing")) {
      byte[] bytes = in.readAllBytes();
      return of(
          Safetensors.read("naming.safetensors", new ByteArrayInputStream(bytes), bytes.length));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }

  private static NamingModel of(Safetensors tensors) {
    List<Perceptron> networks = new ArrayList<>();
    for (int n = 0; tensors.names().contains(n + ".hidden"); n++) {
      networks.add(
          new Perceptron(
              matrix(tensors, n + ".hidden"),
              vector(tensors, n + ".hiddenBias"),
              matrix(tensors, n + ".output"),
              vector(tensors, n + ".outputBias")));
    }
    List<Route> routes = new ArrayList<>();
    for (double[] row : matrix(tensors, "routes")) {
      routes.add(new Route((int) row[0], (int) row[1], (int) row[2], row[3], row[4], row[5]));
    }
    return new NamingModel(
        networks, routes, vector(tensors, "lengthWeight")[0], vector(tensors, "calibration"));
  }

  private static double[] vector(Safetensors tensors, String name) {
    float[] values = tensors.values(name);
    double[] wide = new double[values.length];
    for (int n = 0; n < wide.length; n++) {
      wide[n] = values[n];
    }
    return wide;
  }

  private static double[][] matrix(Safetensors tensors, String name) {
    double[] values = vector(tensors, name);
    int columns = tensors.shape(name).get(1);
    double[][] rows = new double[tensors.shape(name).get(0)][columns];
    for (int n = 0; n < values.length; n++) {
      rows[n / columns][n % columns] = values[n];
    }
    return rows;
  }
}
