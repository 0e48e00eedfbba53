package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Signature;

/**
 * The fields of a stage about its network, read and written: {@code network} with its layers and
 * the {@code weights}, or {@code network} with a {@code format} and files of that format.
 */
final class NetworkFields {

  private NetworkFields() {}

  static StageNetwork read(Fields stage) {
    Fields fields = stage.object("network");
    if (!fields.has("format")) {
      Network network = LayerReader.network(fields);
      return stage.build(() -> new StageNetwork.Layers(network, stage.texts("weights")));
    }
    StageNetwork network =
        fields.build(
            () ->
                new StageNetwork.Opaque(
                    new ModelFormat(fields.text("format")),
                    fields.texts("files"),
                    new Signature(
                        fields.integer("spatialRank"),
                        fields.integer("inputChannels"),
                        fields.integer("outputChannels"),
                        fields.integers("sizeMultiples"))));
    fields.refuseOthers();
    return network;
  }

  static void write(StageNetwork network, ObjectNode stage) {
    ObjectNode node = stage.putObject("network");
    if (network instanceof StageNetwork.Layers layers) {
      LayerWriter.write(layers.network(), node);
      layers.files().forEach(stage.putArray("weights")::add);
    } else if (network instanceof StageNetwork.Opaque opaque) {
      Signature signature = opaque.signature();
      node.put("format", opaque.format().key());
      opaque.files().forEach(node.putArray("files")::add);
      node.put("spatialRank", signature.spatialRank())
          .put("inputChannels", signature.inputChannels())
          .put("outputChannels", signature.outputChannels());
      signature.sizeMultiples().forEach(node.putArray("sizeMultiples")::add);
    }
  }
}
