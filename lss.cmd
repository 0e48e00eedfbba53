@echo off
rem Starts the command line of LSS on Windows. UNTESTED: LSS is developed and tested on Linux; reports
rem are welcome. Builds with Maven when it was never built; after a change of the sources delete the
rem folder lss-examples\target. All backends are fetched. Options for the JVM go into LSS_JAVA_OPTS.
setlocal
set "ROOT=%~dp0"
set "TARGET=%ROOT%lss-examples\target"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"

if exist "%TARGET%\lss.classpath" goto run
echo lss: building; what Maven has not yet is downloaded, once: about 440 MB when it has nothing. 1>&2
pushd "%ROOT%"
call mvn -q -B -Dmaven.test.skip=true -pl lss-examples -am package 1>&2
set "FAILED=%ERRORLEVEL%"
popd
if not "%FAILED%"=="0" (
  echo lss: the build failed; the lines above say why 1>&2
  exit /b 1
)

:run
rem The class path goes through the environment: it is longer than a line may be.
for /f "usebackq delims=" %%c in ("%TARGET%\lss.classpath") do set "CLASSPATH=%TARGET%\lss.jar;%%c"
if not defined TF_CPP_MIN_LOG_LEVEL set "TF_CPP_MIN_LOG_LEVEL=3"
"%JAVA%" -Djava.awt.headless=true -XX:+UseSerialGC %LSS_JAVA_OPTS% dev.lss.examples.cli.Lss %*
exit /b %ERRORLEVEL%
