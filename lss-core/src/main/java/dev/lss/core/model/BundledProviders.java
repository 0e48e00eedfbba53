package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.core.service.Services;
import dev.lss.spi.ModelProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The model providers that a class loader sees, by the ids of their models. Immutable. */
record BundledProviders(Map<String, List<ModelProvider>> byId, List<String> broken) {

  static BundledProviders discover(ClassLoader loader) {
    Services<ModelProvider> services = Services.load(ModelProvider.class, loader);
    Map<String, List<ModelProvider>> byId = new TreeMap<>();
    for (ModelProvider provider : services.providers()) {
      for (String id : provider.modelIds()) {
        byId.computeIfAbsent(id, key -> new ArrayList<>()).add(provider);
      }
    }
    return new BundledProviders(byId, services.broken());
  }

  List<String> ids() {
    return List.copyOf(byId.keySet());
  }

  ModelProvider provider(String id) {
    List<ModelProvider> found = byId.getOrDefault(id, List.of());
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      throw new ModelException(
          "MODEL_NOT_FOUND",
          "no model \"%s\" on the class path; known: %s%s"
              .formatted(
                  id,
                  byId.isEmpty()
                      ? "none (add dev.lss:lss-models to the class path)"
                      : String.join(", ", byId.keySet()),
                  broken.isEmpty() ? "" : "; broken providers: " + String.join("; ", broken)));
    }
    throw new ModelException(
        "MODEL_AMBIGUOUS",
        "two providers bring the model \"%s\": %s and %s; leave one on the class path"
            .formatted(id, found.get(0).getClass().getName(), found.get(1).getClass().getName()));
  }
}
