import { lookup } from "../../words.ts";

/**
 * The parameters of PostgreSQL 14 to 18, as pg_settings lists them (test/parameters.test.ts compares), besides those that it hides:
 * https://www.postgresql.org/docs/current/view-pg-settings.html
 */

export interface Parameter {
  /** `fixed` is what SET refuses: it is set when the server starts, in its files, or when a connection begins. */
  readonly takes: "boolean" | "time" | "other" | "fixed";
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

const BOOLEAN = `
  allow_in_place_tablespaces allow_system_table_mods array_nulls check_function_bodies debug_pretty_print debug_print_parse
  debug_print_plan debug_print_rewritten default_transaction_deferrable default_transaction_read_only enable_async_append
  enable_bitmapscan enable_distinct_reordering enable_gathermerge enable_group_by_reordering enable_hashagg enable_hashjoin
  enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material enable_memoize enable_mergejoin enable_nestloop
  enable_parallel_append enable_parallel_hash enable_partition_pruning enable_partitionwise_aggregate enable_partitionwise_join
  enable_presorted_aggregate enable_self_join_elimination enable_seqscan enable_sort enable_tidscan escape_string_warning event_triggers
  exit_on_error geqo ignore_checksum_failure jit jit_dump_bitcode jit_expressions jit_tuple_deforming lo_compat_privileges log_duration
  log_executor_stats log_lock_failures log_lock_waits log_parser_stats log_planner_stats log_replication_commands log_statement_stats
  md5_password_warnings parallel_leader_participation quote_all_identifiers row_security standard_conforming_strings
  synchronize_seqscans trace_notify trace_sort track_activities track_cost_delay_timing track_counts track_io_timing track_wal_io_timing
  transaction_deferrable transaction_read_only transform_null_equals update_process_title vacuum_truncate wal_init_zero wal_recycle
  zero_damaged_pages`;

/** Integers with a unit of time. */
const TIME = `
  client_connection_check_interval deadlock_timeout idle_in_transaction_session_timeout idle_session_timeout lock_timeout
  log_min_duration_sample log_min_duration_statement statement_timeout tcp_keepalives_idle tcp_keepalives_interval tcp_user_timeout
  transaction_timeout vacuum_cost_delay wal_sender_timeout`;

const OTHER = `
  application_name backend_flush_after backslash_quote backtrace_functions bytea_output client_encoding client_min_messages commit_delay
  commit_siblings compute_query_id constraint_exclusion cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost createrole_self_grant
  cursor_tuple_fraction datestyle debug_discard_caches debug_logical_replication_streaming debug_parallel_query
  default_statistics_target default_table_access_method default_tablespace default_text_search_config default_toast_compression
  default_transaction_isolation dynamic_library_path effective_cache_size effective_io_concurrency extension_control_path
  extra_float_digits file_copy_method force_parallel_mode from_collapse_limit geqo_effort geqo_generations geqo_pool_size geqo_seed
  geqo_selection_bias geqo_threshold gin_fuzzy_search_limit gin_pending_list_limit hash_mem_multiplier icu_validation_level
  intervalstyle io_combine_limit jit_above_cost jit_inline_above_cost jit_optimize_above_cost join_collapse_limit lc_messages
  lc_monetary lc_numeric lc_time local_preload_libraries log_error_verbosity log_min_error_statement log_min_messages
  log_parameter_max_length log_parameter_max_length_on_error log_statement log_statement_sample_rate log_temp_files
  log_transaction_sample_rate logical_decoding_work_mem maintenance_io_concurrency maintenance_work_mem max_parallel_maintenance_workers
  max_parallel_workers max_parallel_workers_per_gather max_stack_depth min_parallel_index_scan_size min_parallel_table_scan_size
  parallel_setup_cost parallel_tuple_cost password_encryption plan_cache_mode random_page_cost recursive_worktable_factor
  restrict_nonsystem_relation_kind scram_iterations search_path seq_page_cost session_preload_libraries session_replication_role
  stats_fetch_consistency synchronous_commit tcp_keepalives_count temp_buffers temp_file_limit temp_tablespaces timezone
  timezone_abbreviations track_functions transaction_isolation vacuum_buffer_usage_limit vacuum_cost_limit vacuum_cost_page_dirty
  vacuum_cost_page_hit vacuum_cost_page_miss vacuum_failsafe_age vacuum_freeze_min_age vacuum_freeze_table_age
  vacuum_max_eager_freeze_failure_rate vacuum_multixact_failsafe_age vacuum_multixact_freeze_min_age vacuum_multixact_freeze_table_age
  wal_compression wal_consistency_checking wal_skip_threshold work_mem xmlbinary xmloption
  default_with_oids output_plugin_libraries role seed session_authorization sort_mem ssl_renegotiation_limit vacuum_mem`;

const FIXED = `
  allow_alter_system archive_cleanup_command archive_command archive_library archive_mode archive_timeout authentication_timeout
  autovacuum autovacuum_analyze_scale_factor autovacuum_analyze_threshold autovacuum_freeze_max_age autovacuum_max_workers
  autovacuum_multixact_freeze_max_age autovacuum_naptime autovacuum_vacuum_cost_delay autovacuum_vacuum_cost_limit
  autovacuum_vacuum_insert_scale_factor autovacuum_vacuum_insert_threshold autovacuum_vacuum_max_threshold
  autovacuum_vacuum_scale_factor autovacuum_vacuum_threshold autovacuum_work_mem autovacuum_worker_slots bgwriter_delay
  bgwriter_flush_after bgwriter_lru_maxpages bgwriter_lru_multiplier block_size bonjour bonjour_name checkpoint_completion_target
  checkpoint_flush_after checkpoint_timeout checkpoint_warning cluster_name commit_timestamp_buffers config_file data_checksums
  data_directory data_directory_mode data_sync_retry db_user_namespace debug_assertions debug_io_direct dynamic_shared_memory_type
  event_source external_pid_file file_extend_method fsync full_page_writes gss_accept_delegation hba_file hot_standby
  hot_standby_feedback huge_page_size huge_pages huge_pages_status ident_file idle_replication_slot_timeout ignore_invalid_pages
  ignore_system_indexes in_hot_standby integer_datetimes io_max_combine_limit io_max_concurrency io_method io_workers
  jit_debugging_support jit_profiling_support jit_provider krb_caseins_users krb_server_keyfile lc_collate lc_ctype listen_addresses
  log_autovacuum_min_duration log_checkpoints log_connections log_destination log_directory log_disconnections log_file_mode
  log_filename log_hostname log_line_prefix log_recovery_conflict_waits log_rotation_age log_rotation_size log_startup_progress_interval
  log_timezone log_truncate_on_rotation logging_collector max_active_replication_origins max_connections max_files_per_process
  max_function_args max_identifier_length max_index_keys max_locks_per_transaction max_logical_replication_workers
  max_notify_queue_pages max_parallel_apply_workers_per_subscription max_pred_locks_per_page max_pred_locks_per_relation
  max_pred_locks_per_transaction max_prepared_transactions max_replication_slots max_slot_wal_keep_size max_standby_archive_delay
  max_standby_streaming_delay max_sync_workers_per_subscription max_wal_senders max_wal_size max_worker_processes
  min_dynamic_shared_memory min_wal_size multixact_member_buffers multixact_offset_buffers notify_buffers num_os_semaphores
  oauth_validator_libraries old_snapshot_threshold port post_auth_delay pre_auth_delay primary_conninfo primary_slot_name
  promote_trigger_file recovery_end_command recovery_init_sync_method recovery_min_apply_delay recovery_prefetch recovery_target
  recovery_target_action recovery_target_inclusive recovery_target_lsn recovery_target_name recovery_target_time
  recovery_target_timeline recovery_target_xid remove_temp_files_after_crash reserved_connections restart_after_crash restore_command
  segment_size send_abort_for_crash send_abort_for_kill serializable_buffers server_encoding server_version server_version_num
  shared_buffers shared_memory_size shared_memory_size_in_huge_pages shared_memory_type shared_preload_libraries ssl ssl_ca_file
  ssl_cert_file ssl_ciphers ssl_crl_dir ssl_crl_file ssl_dh_params_file ssl_ecdh_curve ssl_groups ssl_key_file ssl_library
  ssl_max_protocol_version ssl_min_protocol_version ssl_passphrase_command ssl_passphrase_command_supports_reload
  ssl_prefer_server_ciphers ssl_tls13_ciphers stats_temp_directory subtransaction_buffers summarize_wal superuser_reserved_connections
  sync_replication_slots synchronized_standby_slots synchronous_standby_names syslog_facility syslog_ident syslog_sequence_numbers
  syslog_split_messages trace_connection_negotiation trace_recovery_messages track_activity_query_size track_commit_timestamp
  transaction_buffers unix_socket_directories unix_socket_group unix_socket_permissions vacuum_defer_cleanup_age wal_block_size
  wal_buffers wal_decode_buffer_size wal_keep_size wal_level wal_log_hints wal_receiver_create_temp_slot wal_receiver_status_interval
  wal_receiver_timeout wal_retrieve_retry_interval wal_segment_size wal_summary_keep_time wal_sync_method wal_writer_delay
  wal_writer_flush_after`;

const SINCE: Readonly<Record<string, number>> = lookup({
  allow_alter_system: 17,
  archive_library: 15,
  autovacuum_vacuum_max_threshold: 18,
  autovacuum_worker_slots: 18,
  commit_timestamp_buffers: 17,
  createrole_self_grant: 16,
  debug_io_direct: 16,
  debug_logical_replication_streaming: 16,
  debug_parallel_query: 16,
  enable_distinct_reordering: 18,
  enable_group_by_reordering: 17,
  enable_presorted_aggregate: 16,
  enable_self_join_elimination: 18,
  event_triggers: 17,
  extension_control_path: 18,
  file_copy_method: 18,
  file_extend_method: 16,
  gss_accept_delegation: 16,
  huge_pages_status: 17,
  icu_validation_level: 16,
  idle_replication_slot_timeout: 18,
  io_combine_limit: 17,
  io_max_combine_limit: 18,
  io_max_concurrency: 18,
  io_method: 18,
  io_workers: 18,
  log_lock_failures: 18,
  log_startup_progress_interval: 15,
  max_active_replication_origins: 18,
  max_notify_queue_pages: 17,
  max_parallel_apply_workers_per_subscription: 16,
  md5_password_warnings: 18,
  multixact_member_buffers: 17,
  multixact_offset_buffers: 17,
  notify_buffers: 17,
  num_os_semaphores: 18,
  oauth_validator_libraries: 18,
  recovery_prefetch: 15,
  recursive_worktable_factor: 15,
  reserved_connections: 16,
  scram_iterations: 16,
  send_abort_for_crash: 16,
  send_abort_for_kill: 16,
  serializable_buffers: 17,
  shared_memory_size: 15,
  shared_memory_size_in_huge_pages: 15,
  ssl_groups: 18,
  ssl_tls13_ciphers: 18,
  stats_fetch_consistency: 15,
  subtransaction_buffers: 17,
  summarize_wal: 17,
  sync_replication_slots: 17,
  synchronized_standby_slots: 17,
  trace_connection_negotiation: 17,
  track_cost_delay_timing: 18,
  transaction_buffers: 17,
  transaction_timeout: 17,
  vacuum_buffer_usage_limit: 16,
  vacuum_max_eager_freeze_failure_rate: 18,
  vacuum_truncate: 18,
  wal_decode_buffer_size: 15,
  wal_summary_keep_time: 17,
});

/** The last major version that has it. */
const UNTIL: Readonly<Record<string, number>> = lookup({
  db_user_namespace: 16,
  lc_collate: 15,
  lc_ctype: 15,
  old_snapshot_threshold: 16,
  promote_trigger_file: 15,
  stats_temp_directory: 14,
  trace_recovery_messages: 16,
  vacuum_defer_cleanup_age: 15,
});

const KINDS = [
  ["boolean", BOOLEAN],
  ["time", TIME],
  ["other", OTHER],
  ["fixed", FIXED],
] as const;

let known: ReadonlyMap<string, Parameter> | undefined;

/** Undefined where no version of PostgreSQL has a parameter of that name. Names with a dot are free to be made. */
export function parameter(name: string): Parameter | undefined {
  known ??= new Map(
    KINDS.flatMap(([takes, names]) =>
      names
        .trim()
        .split(/\s+/)
        .map((each) => [each, { takes, since: SINCE[each], until: UNTIL[each] }] as const),
    ),
  );
  return known.get(name.toLowerCase());
}

/** All of them. */
export function parameterNames(): readonly string[] {
  parameter("");
  return [...(known ?? new Map<string, Parameter>()).keys()];
}
