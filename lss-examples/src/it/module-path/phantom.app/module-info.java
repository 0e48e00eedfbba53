/** An application on the module path that knows nothing of models and backends. */
module phantom.app {
  requires dev.lss.core;
}
